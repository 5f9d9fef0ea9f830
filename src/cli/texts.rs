//! What the command line says, in every language: Fluent files beside this module, and one method for each message.
//!
//! Amounts of credits, units and the sentences about inputs are those of the bot. Names that are typed (models, fields,
//! values, options) are the same in every language. Where a sentence of this module goes into JSON it is English.

mod phrase;

use std::sync::LazyLock;

use crate::bot::texts::bundle::{self, Bundle};
use crate::bot::texts::{Lang, Texts};

/// All messages of the command line in one language.
#[derive(Debug)]
pub struct Phrases {
    bundle: Bundle,
}

static EN: LazyLock<Phrases> =
    LazyLock::new(|| Phrases { bundle: Bundle::read(Lang::En, include_str!("texts/en.ftl")) });
static RU: LazyLock<Phrases> =
    LazyLock::new(|| Phrases { bundle: Bundle::read(Lang::Ru, include_str!("texts/ru.ftl")) });

impl Phrases {
    /// The messages of a language.
    pub fn of(lang: Lang) -> &'static Self {
        match lang {
            Lang::En => &EN,
            Lang::Ru => &RU,
        }
    }

    /// The messages for a command whose sentences go into JSON when that is asked for: there they are English.
    pub(super) fn unless_json(lang: Lang, json: bool) -> &'static Self {
        Self::of(if json { Lang::En } else { lang })
    }

    /// Their language.
    pub const fn lang(&self) -> Lang {
        self.bundle.lang()
    }

    /// What the bot says in the same language.
    pub fn texts(&self) -> &'static Texts {
        Texts::of(self.lang())
    }
}

bundle::messages! { Phrases;
    // What went wrong
    "error-line" error_line(what: &str);
    "cannot-read" cannot_read(what: &str, why: &str);
    "cannot-write" cannot_write(what: &str, why: &str);
    "cannot-use" cannot_use(what: &str, why: &str);
    "not-json" not_json(why: &str);
    "standard-input" standard_input();
    "env-line" env_line(number: usize);
    "env-some-line" env_some_line();
    "env-value" env_value();
    "no-runtime" no_runtime(why: &str);
    "no-result-json" no_result_json(why: &str);
    "setting-missing" setting_missing(name: &str, meaning: &str);
    "client-cannot-start" client_cannot_start(why: &str);
    "file-in-use" file_in_use(path: &str);
    "program-broke" program_broke(why: &str);
    "no-such-type" no_such_type(name: &str, all: &str);
    "no-such-provider" no_such_provider(name: &str, all: &str);
    "model-needed" model_needed();

    // What KIE or the way to it answered
    "call-api" call_api(code: &str, message: &str);
    "call-http" call_http(status: u16);
    "call-no-file" call_no_file(status: u16);
    "call-not-live" call_not_live(model: &str);
    "call-not-live-nearest" call_not_live_nearest(model: &str, nearest: &str);
    "call-connect" call_connect(host: &str, why: &str);
    "call-network" call_network(host: &str, why: &str);
    "call-timeout" call_timeout(host: &str, what: &str, seconds: &str);
    "call-unknown-task" call_unknown_task();
    "call-reply" call_reply(why: &str);
    "call-too-large" call_too_large(limit: &str);
    "call-url" call_url();
    "call-model" call_model();
    "call-cannot-read" call_cannot_read(path: &str, why: &str);
    "call-cannot-write" call_cannot_write(path: &str, why: &str);

    // Words of the registry
    "status" status(status: &str);
    "output" output(output: &str);
    "media" media(kind: &str);
    "task-state" task_state(state: &str);

    // Heads of columns
    "head-id" head_id();
    "head-title" head_title();
    "head-type" head_type();
    "head-provider" head_provider();
    "head-credits" head_credits();
    "head-status" head_status();
    "head-field" head_field();
    "head-limits" head_limits();
    "head-default" head_default();
    "head-what" head_what();
    "head-model" head_model();
    "head-state" head_state();
    "head-seconds" head_seconds();
    "head-error" head_error();
    "head-key" head_key();
    "head-action" head_action();
    "head-total" head_total();
    "head-change" head_change();
    "head-registry" head_registry();
    "head-vendor" head_vendor();
    "head-job" head_job();
    "head-user" head_user();
    "head-age" head_age();
    "head-why" head_why();

    // models
    "models-counted" models_counted(shown: usize, all: usize);

    // show
    "fact-provider" fact_provider();
    "fact-type" fact_type();
    "fact-result" fact_result();
    "fact-status" fact_status();
    "fact-credits" fact_credits();
    "fact-priced" fact_priced();
    "fact-discount" fact_discount();
    "fact-aliases" fact_aliases();
    "fact-name" fact_name();
    "fact-nearest" fact_nearest();
    "name-implies" name_implies(name: &str, values: &str);
    "required-star" required_star();
    "part-rules" part_rules();
    "part-price" part_price();
    "part-example" part_example();
    "ends-soon" ends_soon(words: &str);

    // Kinds and limits of a field
    "kind-text" kind_text();
    "kind-text-span" kind_text_span(min: u32, max: u32);
    "kind-text-from" kind_text_from(min: u32);
    "kind-like" kind_like(example: &str);
    "kind-cjk" kind_cjk(max: u32);
    "kind-integer" kind_integer();
    "kind-number" kind_number();
    "kind-above" kind_above(min: &str);
    "kind-step" kind_step(step: &str);
    "kind-also" kind_also(values: &str);
    "kind-except" kind_except(values: &str);
    "kind-task" kind_task();
    "kind-group" kind_group();
    "kind-items" kind_items(count: &str, item: &str);
    "kind-or" kind_or();
    "limit-together" limit_together(seconds: &str);
    "limit-size" limit_size(mb: &str);
    "limit-seconds" limit_seconds(span: &str);
    "limit-ratio" limit_ratio(span: &str);
    "limit-side" limit_side(span: &str);
    "limit-short-side" limit_short_side(span: &str);
    "limit-long-side" limit_long_side(span: &str);
    "limit-total" limit_total(span: &str);
    "limit-fps" limit_fps(span: &str);
    "limit-schemes" limit_schemes(schemes: &str);
    "span-from" span_from(min: &str);
    "span-to" span_to(max: &str);

    // Conditions of a price
    "when-is" when_is(field: &str, values: &str);
    "when-is-not" when_is_not(field: &str, values: &str);
    "when-present" when_present(field: &str);
    "when-absent" when_absent(field: &str);
    "when-items" when_items(field: &str, count: u32);
    "when-otherwise" when_otherwise();

    // Prices
    "price-per" price_per(price: &str, unit: &str);
    "price-for" price_for(price: &str, unit: &str);
    "price-none" price_none();
    "price-unknown" price_unknown();
    "price-span" price_span(low: &str, high: &str);
    "price-not-covered" price_not_covered();
    "price-by-file" price_by_file(field: &str);
    "price-by-number" price_by_number(field: &str);
    "at-most" at_most(price: &str);
    "cell-no-price" cell_no_price();
    "cell-by-file" cell_by_file();
    "cell-by-number" cell_by_number(field: &str);
    "why-unknown" why_unknown();
    "why-not-covered" why_not_covered();
    "why-file" why_file(field: &str);
    "why-number" why_number(field: &str);
    "measure-files" measure_files(why: &str);
    "from-example" from_example(fields: &str);
    "more-rows" more_rows(count: usize);
    "priced-per" priced_per(unit: &str, day: &str);
    "name-stands-for" name_stands_for(name: &str, values: &str);
    "discount-until" discount_until(day: &str);
    "discount-until-then" discount_until_then(day: &str, price: &str);
    "discount-ended" discount_ended(day: &str);
    "discount-note" discount_note(words: &str);
    "options-left-out" options_left_out(fields: &str);
    "note-seconds" note_seconds(field: &str);
    "note-seconds-most" note_seconds_most(field: &str, most: &str);
    "note-minutes" note_minutes(field: &str);
    "note-megapixels" note_megapixels(field: &str);
    "note-characters" note_characters(field: &str, step: &str);
    "note-extra" note_extra(price: &str, field: &str);
    "note-extra-after" note_extra_after(price: &str, field: &str, free: u32);
    "note-ceilings" note_ceilings();
    "option-given" option_given();
    "option-given-many" option_given_many(count: u32);
    "option-another" option_another();

    // generate
    "over-unknown" over_unknown(model: &str, why: &str, most: &str);
    "over-budget" over_budget(model: &str, price: &str, most: &str);
    "dry-run" dry_run(model: &str, price: &str);
    "dry-run-links" dry_run_links();
    "no-file" no_file(path: &str);
    "one-file" one_file(field: &str, model: &str);
    "no-file-field" no_file_field(field: &str, model: &str);
    "other-file-fields" other_file_fields(field: &str, model: &str, all: &str);
    "not-uploaded" not_uploaded(what: &str, why: &str);
    "progress-sending" progress_sending();
    "progress-usual" progress_usual(seconds: u64);
    "task-line" task_line(task: &str);
    "interrupted-before" interrupted_before();
    "interrupted-sending" interrupted_sending();
    "interrupted-running" interrupted_running(task: &str, line: &str);
    "interrupted-saving" interrupted_saving(line: &str);
    "may-finish" may_finish(line: &str);
    "create-lost" create_lost();
    "create-lost-look" create_lost_look();
    "try-again" try_again();
    "try-again-in" try_again_in(seconds: &str);

    // Files
    "saved" saved(path: &str, size: &str);
    "not-saved" not_saved(url: &str, why: &str);
    "size-bytes" size_bytes(count: u64);
    "size-kb" size_kb(count: u64);
    "size-mb" size_mb(count: &str);

    // task
    "task-sought" task_sought(task: &str, seconds: u64);
    "task-is" task_is(task: &str, state: &str, line: &str);
    "task-unknown" task_unknown(task: &str);
    "task-silent" task_silent(task: &str, why: &str);

    // upload
    "uploaded" uploaded(size: &str, count: usize, hours: u32);
    "no-link" no_link(given: &str, why: &str);
    "no-source" no_source(given: &str);
    "too-large-base64" too_large_base64(given: &str, limit: &str);

    // credits
    "credits-total" credits_total(total: &str);
    "no-key-answered" no_key_answered();

    // sanity
    "live-needs-limit" live_needs_limit();
    "sanity-interrupted" sanity_interrupted(path: &str);
    "sanity-none" sanity_none();
    "sanity-over" sanity_over(price: &str, most: &str);
    "sanity-unpriced" sanity_unpriced(models: &str);
    "sanity-not-known" sanity_not_known();
    "action-send" action_send();
    "action-wait" action_wait();
    "action-keep" action_keep();
    "action-doubt" action_doubt();
    "sanity-total" sanity_total(price: &str);
    "sanity-total-unknown" sanity_total_unknown(price: &str, count: usize);
    "sanity-spend" sanity_spend(most: &str);
    "sanity-earlier" sanity_earlier(count: usize);
    "sanity-passed" sanity_passed(passed: usize, all: usize, price: &str);
    "sanity-passed-skipped" sanity_passed_skipped(passed: usize, all: usize, skipped: usize, price: &str);
    "row-state" row_state(state: &str);
    "another-model" another_model();
    "needs-task" needs_task(of: &str);
    "example-fails" example_fails(why: &str);
    "limit-not-sure" limit_not_sure();
    "limit-used-up" limit_used_up(price: &str);
    "it-cannot-be-written" it_cannot_be_written(why: &str);
    "journal-fails" journal_fails(why: &str, model: &str, task: &str);
    "journal-doubt" journal_doubt();
    "journal-in-use" journal_in_use();
    "no-journal" no_journal(path: &str);
    "journal-line-broken" journal_line_broken(path: &str, number: usize);

    // registry
    "all-models" all_models();
    "counted-under-each" counted_under_each();
    "vendor-lists-nothing" vendor_lists_nothing();
    "asking-vendor" asking_vendor(count: usize);
    "asking-progress" asking_progress(at: &str, all: &str, time: &str, left: &str);
    "vendor-does-not-know" vendor_does_not_know();
    "no-schema-of" no_schema_of(model: &str, why: &str);
    "list-unreadable" list_unreadable(why: &str);
    "no-model-list" no_model_list(path: &str);
    "no-model-anywhere" no_model_anywhere(model: &str);
    "no-report" no_report(path: &str);
    "schema-missing" schema_missing(model: &str);
    "compared-nothing" compared_nothing();
    "no-drift" no_drift();
    "drift" drift(change: &str, phrase: &str);
    "count-differences" count_differences(count: usize);
    "count-models" count_models(count: usize);
    "count-prices" count_prices(count: usize);
    "count-known" count_known(count: usize);
    "count-unread" count_unread(count: usize);
    "prices-unclear" prices_unclear(count: usize);
    "limits-unstated" limits_unstated(count: usize);
    "side-required" side_required();
    "side-optional" side_optional();
    "side-live" side_live();
    "side-not-listed" side_not_listed();
    "side-listed" side_listed();
    "side-task" side_task();
    "side-has" side_has();
    "side-credits" side_credits(amounts: &str);
    "side-only" side_only(values: &str);
    "no-answers" no_answers();
    "entry-unknown" entry_unknown(model: &str);
    "entry-no-schema" entry_no_schema(model: &str);
    "entry-elsewhere" entry_elsewhere(model: &str, route: &str);
    "entry-unclear" entry_unclear(model: &str, why: &str);
    "entry-id" entry_id(model: &str);
    "import-hint" import_hint();

    // jobs
    "jobs-none" jobs_none();
    "age-minutes" age_minutes(count: u64);
    "age-hours" age_hours(count: u64);
    "job-not-unknown" job_not_unknown(job: &str, state: &str);
    "job-none" job_none(job: &str);
    "job-again" job_again(job: &str);
    "job-given-up" job_given_up(job: &str);
    "person-told" person_told();
    "person-not-told" person_not_told(why: &str);
    "telegram-silent" telegram_silent();

    // demo
    "demo-no-room" demo_no_room(why: &str);
    "demo-no-folder" demo_no_folder(why: &str);
    "demo-no-start" demo_no_start(why: &str);
    "demo-broke-off" demo_broke_off(why: &str);
    "demo-no-stop" demo_no_stop(why: &str);
    "demo-ended" demo_ended(why: &str);
    "demo-saved" demo_saved(path: &str);
    "demo-open" demo_open(url: &str);
    "demo-free" demo_free();
    "demo-trouble" demo_trouble();
    "demo-command-line" demo_command_line();
}
