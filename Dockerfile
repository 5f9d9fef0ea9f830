# The bot without simulators. SQLite lives in /data; with PostgreSQL nothing is kept in the container.
FROM rust:1.95-slim-bookworm AS build
RUN apt-get update && apt-get install -y --no-install-recommends build-essential && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY . .
RUN cargo build --locked --release --no-default-features --features bot

FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --no-create-home kie-bot && mkdir /data && chown kie-bot /data
COPY --from=build /src/target/release/kie-bot /usr/local/bin/kie-bot
USER kie-bot
WORKDIR /data
ENV DATABASE_URL=sqlite:/data/kie-bot.db HTTP_ADDR=0.0.0.0:8080
VOLUME /data
EXPOSE 8080
# A process that waits for another one's place is ready too.
HEALTHCHECK --interval=30s --timeout=6s --start-period=60s CMD ["kie-bot", "ready"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["kie-bot"]
CMD ["run"]
