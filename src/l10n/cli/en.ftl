# English words of the command line. Every key exists in every language with the same arguments.
#
# A message is a method (codegen/src/messages.rs). The comment above it sets the order of its parameters, needed for two or
# more, and marks numbers.

## What went wrong
error-line = error: { $what }
# $what, $why
cannot-read = { $what } cannot be read: { $why }
# $what, $why
cannot-write = { $what } cannot be written: { $why }
# $what, $why
cannot-use = { $what } cannot be used: { $why }
not-json = it is not valid JSON: { $why }
standard-input = standard input
# $number (Number)
env-line = line { $number } is not NAME=VALUE (quote values with spaces)
# $number (Number), $name
env-dollar = line { $number }: the $ in { $name } stands for no variable; put the value in single quotes
env-some-line = a line is not NAME=VALUE (quote values with spaces)
env-value = a value in it cannot be used
no-runtime = the runtime cannot start: { $why }
no-result-json = the result is no JSON: { $why }
# $name, $meaning
setting-missing = { $name } is not set: { $meaning }
client-cannot-start = the KIE client cannot start: { $why }
file-in-use = another kie-bot process uses { $path }: a SQLite file serves one process at a time. Stop the other one, or use PostgreSQL to run several
# $theirs, $ours
other-bot = the database belongs to the bot { $theirs }, and TELEGRAM_BOT_TOKEN is of the bot { $ours }: give this bot a DATABASE_URL of its own, or set ADOPT_DATABASE=on if it is to take the database over
program-broke = a part of the program broke: { $why }
# $name, $all
no-such-type = there is no type `{ $name }`; the types are { $all }
# $name, $all
no-such-provider = there is no provider `{ $name }`; the providers are { $all }
model-needed = a model is needed

## What KIE or the way to it answered
# $code, $message
call-api = kie answered code { $code }: { $message }
# $code, $message
call-ip-refused = kie answered code { $code }: { $message } (the key has a list of ip addresses that may use it: see the keys at kie.ai)
# $code, $message
call-key-limit = kie answered code { $code }: { $message } (the key has a limit of its own: see the keys at kie.ai)
# $status (Number)
call-blocked = a cdn in front of kie blocked the request (http status { $status }): it did not reach kie, and the key is not the cause
# $status (Number)
call-http = the answer was http status { $status } with nothing usable in it
# $status (Number)
call-no-file = the file's host answered http status { $status }
call-not-live = { $model } is not offered any more
# $model, $nearest
call-not-live-nearest = { $model } is not offered any more; the nearest live model is { $nearest }
call-needs-webhook = { $model } gives its result in a webhook alone, and there is no address for one
# $host, $why
call-connect = cannot connect to { $host }: { $why }
# $host, $why
call-network = the connection to { $host } broke: { $why }
# $host, $what, $seconds
call-timeout = { $what ->
    [nothing-more] { $host } sent nothing more in { $seconds } s
    [not-everything] { $host } sent not everything in { $seconds } s
   *[other] { $host } sent no answer in { $seconds } s
}
call-unknown-task = kie knows no such task
call-reply = kie's answer cannot be used: { $why }
call-too-large = the file is larger than { $limit } bytes
call-url = not an http or https url
call-private-host = { $host } is not a public host
call-model = not a model's id
# $path, $why
call-cannot-read = cannot read { $path }: { $why }
# $path, $why
call-cannot-write = cannot write { $path }: { $why }

## Words of the registry
status = { $status }
output = { $output }
media = { $kind }
task-state = { $state }

## Heads of columns
head-id = ID
head-title = TITLE
head-type = TYPE
head-provider = PROVIDER
head-credits = CREDITS
head-status = STATUS
head-field = FIELD
head-limits = TYPE AND LIMITS
head-default = DEFAULT
head-what = WHAT
head-model = MODEL
head-state = STATE
head-seconds = SECONDS
head-error = ERROR
head-key = KEY
head-action = WHAT
head-total = TOTAL
head-change = DRIFT
head-registry = REGISTRY
head-vendor = VENDOR
head-job = JOB
head-user = USER
head-age = AGE
head-why = WHY
head-day = DAY
head-held = HELD
head-open = OPEN
head-captured = CAPTURED
head-released = RELEASED
head-cost = KIE'S COST
head-difference = DIFFERENCE
head-received = RECEIVED
head-given = GIVEN
head-revenue = REVENUE
head-owed = OWED
head-only = ONLY FOR
head-denied = DENIED
head-price = PRICE
head-markup = MARKUP

## models
# $shown (Number), $all (Number)
models-counted = { $shown } of { $all } models

## show
fact-provider = provider
fact-type = type
fact-result = result
fact-status = status
fact-credits = credits
fact-priced = priced
fact-discount = discount
fact-aliases = also called
fact-name = this name
fact-health = does now
# $percent (Number)
health = { $percent }% of its tasks succeeded of late
# $percent (Number)
health-poor = poorly: only { $percent }% of its tasks succeeded of late
fact-webhook = webhook
fact-nearest = use instead
fact-next = next
# $name, $values
name-implies = { $name }: { $values } where nothing else is given
required-star = * required
part-rules = RULES
part-price = PRICE
part-example = EXAMPLE
ends-soon = { $words } [ends soon]

## Kinds and limits of a field
kind-text = text
# $min (Number), $max (Number)
kind-text-span = text { $min }-{ $max }
# $min (Number)
kind-text-from = text from { $min }
kind-like = like { $example }
# $max (Number)
kind-cjk = to { $max } in Chinese, Japanese or Korean
kind-integer = integer
kind-number = number
kind-above = number above { $min }
kind-step = in steps of { $step }
kind-also = also { $values }
kind-by-name = also by name
kind-except = not { $values }
kind-task = id of an earlier task
kind-task-result = id that an earlier task made
kind-group = group
# $count, $item
kind-items = { $count } x { $item }
kind-or = or
limit-together = to { $seconds } s together
limit-size = to { $mb } MB
limit-seconds = { $span } s
limit-ratio = { $span } wide by high
limit-side = { $span } px a side
limit-short-side = { $span } px the shorter side
limit-long-side = { $span } px the longer side
limit-total = { $span } px altogether
limit-fps = { $span } frames a second
limit-schemes = also { $schemes } links
span-from = from { $min }
span-to = to { $max }

## Conditions of a price
# $field, $values
when-is = { $field } = { $values }
# $field, $values
when-is-not = { $field } is not { $values }
when-present = with { $field }
when-absent = without { $field }
# $field, $count (Number)
when-items = { $count } x { $field }
when-otherwise = otherwise

## Prices
# $price, $unit
price-per = { $price } per { $unit }
# $price, $unit
price-for = { $price }/{ $unit }
price-none = unknown
price-unknown = price not known
# $low, $high
price-span = { $low } to { $high }
price-not-covered = no price for these values
price-by-file = price by the file in { $field }
price-by-number = price by { $field }, which is left to the model
at-most = at most { $price }
cell-no-price = no price
cell-by-file = by the file
cell-by-number = by { $field }
why-unknown = the vendor's price is not known
why-not-covered = the vendor's price list has no price for these values
why-file = the price depends on the file in `{ $field }`, of which too little is known
why-number = the price depends on `{ $field }`, which is left to the model
measure-files = { $why }; `generate --dry-run --media` measures local files
from-example = taken from the registry's example: { $fields }
# $count (Number)
more-rows = { $count } more with --json
# $unit, $day
priced-per = priced per { $unit }, as of { $day }
# $name, $values
name-stands-for = { $name } stands for { $values }
discount-until = until { $day }
# $day, $price
discount-until-then = until { $day }, then { $price }
discount-ended = ended on { $day }
# $price
discount-open = no end named; without it { $price }
discount-note = the vendor's discount: { $words }; the dearer prices are shown
options-left-out = too many combinations: { $fields } changes the price too, and is as in the example here
note-seconds = by the seconds of { $field }
# $field, $most
note-seconds-most = by the seconds of { $field }, at most { $most }
note-minutes = by the minutes of { $field }
note-megapixels = by the megapixels of { $field }
# $field, $step
note-characters = by the characters of { $field }, in steps of { $step }
# $most
note-outputs = by the files that come back; the model decides how many, at most { $most }
# $fields, $tokens, $more
note-tokens = by tokens, estimated as at most { $tokens } for each character of { $fields } and { $more } more
# $price, $unit
note-extra-units = { $price } more per { $unit } on top:
# $price, $field
note-extra = { $price } more for each of { $field }
# $price, $field, $free (Number)
note-extra-after = { $price } more for each of { $field } after the first { $free }
note-ceilings = these are ceilings: the vendor may charge less
option-given = given
# $count (Number)
option-given-many = { $count } given
option-another = another

## generate
# $model, $why, $most
over-unknown = `{ $model }`: { $why }, so --max-credits { $most } cannot be kept; nothing was sent
# $model, $price, $most
over-budget = `{ $model }` costs { $price }, more than --max-credits { $most }; nothing was sent
# $model, $price
dry-run = { $model }: { $price }; nothing was sent or uploaded
dry-run-links = links to upload.invalid stand for files that would be uploaded first
no-file = { $path } is not a file
# $field, $model
one-file = `{ $field }` of { $model } takes one file
# $field, $model
no-file-field = `{ $field }` is not a file field of { $model }; it takes no files
# $field, $model, $all
other-file-fields = `{ $field }` is not a file field of { $model }; files go into { $all }
# $what, $why
not-uploaded = { $what } was not uploaded: { $why }
progress-sending = sending
# $seconds (Number)
progress-usual = usually { $seconds } s
task-line = task { $task }
interrupted-before = interrupted before anything was sent
interrupted-sending = interrupted while the task was being sent
# $task, $line
interrupted-running = interrupted; task { $task } goes on. Go on with it: { $line }
interrupted-saving = interrupted while files were saved; once more: { $line } --out DIR
may-finish = the task may still finish, and is billed when it does; go on with: { $line }
# $task, $line
result-unreadable = KIE says that task { $task } has succeeded, and nothing in its answer can be read as a result (`record` has the answer); it may have been charged. The result may come later; look again with: { $line }
# $label, $line
next-command = next ({ $label }): { $line }
create-lost = the answer to the create was lost: the task may run and be billed, and is not sent again by itself;
create-lost-look = look for it in the logs on kie.ai, and go on with: kie-bot task ID --wait
try-again = nothing was accepted or billed; it may be tried again
try-again-in = nothing was accepted or billed; it may be tried again in { $seconds } s

## Files
# $path, $size
saved = saved { $path } ({ $size })
# $url, $why
not-saved = { $url } was not saved: { $why }
# $count (Number)
size-bytes = { $count } bytes
# $count (Number)
size-kb = { $count } kB
size-mb = { $count } MB

## task
# $task, $seconds (Number)
task-sought = KIE does not know task { $task } yet; looking for it for { $seconds } s
# $task, $state, $line
task-is = task { $task } is { $state }; wait for it: { $line }
task-unknown = KIE knows no task { $task } with any of the keys (its records are kept for two months)
# $task, $why
task-silent = task { $task } cannot be asked about: { $why }

## upload
# $size, $count (Number), $hours (Number)
uploaded = { $count ->
    [one] { $size } uploaded; KIE keeps it for { $hours } hours
   *[other] { $size } uploaded; KIE keeps them for { $hours } hours
}
# $given, $why
no-link = { $given } is not a link: { $why }
no-source = { $given } is neither a file nor an http(s) link
# $given, $limit
too-large-base64 = { $given } is larger than { $limit }; leave --base64 out

## credits
credits-total = Total: { $total } (keys of one account show the same credits)
no-key-answered = no key was answered

## sanity
live-needs-limit = --live spends credits: say how many at most, with --max-credits N
sanity-interrupted = interrupted; the same command goes on where it was ({ $path })
sanity-none = no model of this type is offered
# $price, $most
sanity-over = this may cost { $price }, more than --max-credits { $most }; nothing was sent
sanity-unpriced = no price is known for { $models }; --allow-unknown-price tries them all the same; nothing was sent
sanity-not-known = not known
action-send = send
action-wait = wait
action-keep = done before
action-doubt = in doubt
sanity-total = Total: at most { $price }.
# $price, $count (Number)
sanity-total-unknown = Total: at most { $price }, and { $count } of unknown price.
sanity-spend = Nothing was sent; `--live --max-credits { $most }` spends them.
# $count (Number)
sanity-earlier = { $count } from earlier runs; --fresh tries them again, and pays again
# $passed (Number), $all (Number), $price
sanity-passed = { $passed } of { $all } models passed; { $price } spent
# $passed (Number), $all (Number), $skipped (Number), $price
sanity-passed-skipped = { $passed } of { $all } models passed, { $skipped } skipped; { $price } spent
row-state = { $state }
another-model = another model
needs-task = it takes a finished task of { $of }; --model tries that first
example-fails = the registry's example does not pass: { $why }
limit-not-sure = its price is not known, and nothing says that --max-credits would be kept
limit-used-up = { $price } are no longer there within --max-credits
it-cannot-be-written = it cannot be written: { $why }
# $why, $model, $task
journal-fails = the journal cannot be written ({ $why }); { $model } has the task { $task }
journal-doubt = the answer to an earlier create was lost: the task may have run and been billed; --fresh sends it again
journal-in-use = another run uses it (--state FILE names another one)
no-journal = { $path } is no journal of sanity runs (--state FILE names another one)
# $path, $number (Number)
journal-line-broken = { $path }: line { $number } is broken and passed over

## registry
all-models = all models
counted-under-each = a model with several types counts under each of them, and once under all models
vendor-lists-nothing = the vendor lists no models at all; nothing was compared
# $count (Number)
asking-vendor = asking the vendor about { $count } models
# $at, $all, $time, $left
asking-progress = { $at } of { $all } models  { $time }, { $left } to go
vendor-does-not-know = the vendor does not know it
# $model, $why
no-schema-of = there is no schema of `{ $model }`: { $why }
list-unreadable = the vendor's list cannot be read: { $why }
no-model-list = { $path } holds no list of models
no-model-anywhere = neither the registry nor the vendor has a model `{ $model }`
no-report = { $path } is no report of `registry check --json`
schema-missing = { $model }: the vendor has made no schema yet, so its fields were not compared
compared-nothing = Nothing was compared.
no-drift = No drift: what was compared is as the vendor says.
# $change, $phrase
drift = { $change ->
   *[other] { $phrase }
}
# $count (Number)
count-differences = { $count ->
    [one] { $count } difference
   *[other] { $count } differences
}
# $count (Number)
count-models = { $count ->
    [one] { $count } model compared
   *[other] { $count } models compared
}
# $count (Number)
count-prices = { $count ->
    [one] { $count } price compared
   *[other] { $count } prices compared
}
# $count (Number)
count-known = { $count ->
    [one] { $count } known difference passed over
   *[other] { $count } known differences passed over
}
# $count (Number)
count-unread = { $count ->
    [one] { $count } model not read
   *[other] { $count } models not read
}
# $count (Number)
prices-unclear = { $count } prices could not be compared:
# $count (Number)
limits-unstated = { $count } limits of the registry are not stated in the vendor's schemas, and were not compared
# $count (Number)
fields-not-asked = { $count ->
    [one] the fields of { $count } model were not compared, because its schema was not asked for: use --deep, or name it
   *[other] the fields of { $count } models were not compared, because their schemas were not asked for: use --deep, or name them
}
no-price-feed = the vendor's price feed cannot be used, so prices were compared with its texts alone: { $why }
# $count (Number), $all (Number)
prices-nameless = { $count } of { $all } prices in the vendor's feed name no model, and were compared with nothing
no-announcements = the vendor's announcements cannot be used: { $why }
announcements-newest = the vendor's newest announcements:
file-too-large = it is larger than { $size }
file-web-page = it is a web page, not JSON
file-truncated = it breaks off before its end: { $why }
# $path, $drift, $prices, $announcements
watch-recorded = recorded in { $path }, from now on only what is new is shown. Differences: { $drift }, prices: { $prices }, announcements: { $announcements }
watch-nothing = nothing new
watch-announcement = announcement: { $title }
# $what, $amount
watch-price-new = new price: { $what }: { $amount }
# $what, $amount
watch-price-gone = price gone: { $what }: { $amount }
# $what, $before, $now
watch-price-changed = price: { $what }: { $before } -> { $now }
# $path, $why
watch-state-unusable = { $path } cannot be used as the state of `registry watch`: { $why }. Move it away, and the next run begins anew (--state FILE names another file)
watch-state-version = it has version { $version }, which this program does not read
watch-state-other = it is something else
side-required = required
side-optional = optional
side-live = live
side-not-listed = not listed
side-listed = listed
side-task = a task
side-has = has it
side-credits = { $amounts } credits
side-only = only here: { $values }
no-answers = it holds no answers: there is neither a `list` with models nor `schemas`
entry-unknown = there is no answer about `{ $model }`
entry-no-schema = the vendor has made no schema for `{ $model }` yet
# $model, $route
entry-elsewhere = `{ $model }` makes no task: it is called by { $route }
# $model, $why
entry-unclear = the schema of `{ $model }` cannot be read: { $why }
entry-id = `{ $model }` cannot be an id of the registry: at most 48 letters, digits and `-_./:`
import-hint = Put it under `models:` in models/kie_models.yaml, then `cargo build` says what is missing.

## jobs
jobs-none = there are no such jobs
job-newer = of a newer version of this program
# $count (Number)
age-minutes = { $count } min
# $count (Number)
age-hours = { $count } h
# $job, $state
job-not-unknown = job { $job } is { $state }: only jobs in state unknown or unreadable wait for a decision
job-none = there is no job { $job }; `kie-bot jobs` lists them
job-again = job { $job } is sent again by the running bot
job-reread = KIE is asked again about job { $job } by the running bot
job-given-up = job { $job } is given up; what was held for it is free
person-told = the person was told
person-not-told = the person was not told: { $why }
telegram-silent = Telegram did not answer in time

## ledger
ledger-none = nothing was booked in these days
ledger-money = People's money:
# $booked, $stored, $wallet
ledger-wrong-wallet = wallet { $wallet }: its transfers add up to { $booked }, and it holds { $stored } (available + held)
# $booked, $stored, $payment
ledger-wrong-payment = payment { $payment }: its transfers say { $booked }, and it says { $stored } (credited - taken back)
# $available, $held, $wallets (Number)
ledger-owed = people have { $available } and { $held } held for orders, in { $wallets ->
    [one] { $wallets } wallet
   *[other] { $wallets } wallets
}
# $mistake
ledger-mistake = { $mistake ->
    [no_hold] the job has a price, and nothing was held
    [not_the_price] what was held is not the job's price
    [nothing_held] captured or released, and nothing was held
    [closed_twice] both captured and released
    [not_the_hold] what was captured or released is not what was held
    [left_open] the job has ended, and its hold is still open
    [closed_early] the job has not ended, and its hold is closed
    [closed_wrong] released although there is a result, or captured although the job was cancelled
    [money_not_the_price] what is held of the payer's money is not the price
    [money_overdrawn] more money was captured and given back than was held
    [money_left_open] the job has ended, and money is still held for it
    [money_closed_early] the job has not ended, and its money is captured or given back
    [money_without_result] the job has no result, and money was taken for it
   *[other] { $mistake }
}
# $jobs, $count (Number)
ledger-not-captured = note: KIE charged for { $count ->
    [one] { $count } job that nobody paid
   *[other] { $count } jobs that nobody paid
}: { $jobs }
# $jobs, $count (Number)
ledger-no-cost = note: KIE did not say what it charged for { $count ->
    [one] { $count } paid job
   *[other] { $count } paid jobs
}: { $jobs }
# $count (Number)
ledger-newer = note: { $count ->
    [one] { $count } job is
   *[other] { $count } jobs are
} of a newer version of this program: only amounts were compared
# $jobs (Number)
ledger-agrees = the books agree: { $jobs ->
    [one] { $jobs } job
   *[other] { $jobs } jobs
}
# $count (Number), $jobs (Number)
ledger-disagrees = the books do not agree: { $count ->
    [one] { $count } mistake
   *[other] { $count } mistakes
} in { $jobs ->
    [one] { $jobs } job
   *[other] { $jobs } jobs
}

## admin
head-name = NAME
head-user-name = USER NAME
head-seen = LAST HERE
head-actor = WHO
head-about = ABOUT
head-before = BEFORE
head-after = AFTER
people-none = nobody is called so
# $text
person-none = nobody whom the bot knows is called `{ $text }`: say a number, an @name or the beginning of a name
# $text, $people
person-several = several people are called `{ $text }`, say a number: { $people }
# $available, $held
person-balance = Balance: { $available }, and { $held } held for orders
# $given
gift-bad-amount = AMOUNT must be a number with at most two decimals, not 0, and is `{ $given }`
# $user
gift-short = person { $user } has less than that: nothing was taken back
# $group, $available, $held
purse-balance = Purse of { $group }: { $available }, and { $held } held for orders
# $group
purse-short = the purse of { $group } has less than that: nothing was given back
gift-known = a gift with this key was booked before: nothing new was booked
# $part
limit-unreadable = `{ $part }` is no limit: say running=N, starts=N, order=N, day=N or month=N, with `off` or `default` in place of N; or `default`
block-owner = note: with ACCESS=owner nobody but admins is let in anyway
head-code = CODE
head-amount = AMOUNT
head-used = USED
head-until = UNTIL
promo-none = there is no promo code
promo-open = open
promo-used-up = used up
promo-ended = ended
promo-stopped = stopped
# $code
promo-known = there is a promo code `{ $code }` already, and what it gives never changes
# $code
promo-unknown = there is no promo code `{ $code }`
# $code
promo-stopped-before = the promo code `{ $code }` was stopped before
promo-empty = such a promo code would give nothing: its end must be in the future
head-language = LANGUAGE
head-text = TEXT
head-number = NUMBER
head-told = TOLD
head-unreachable = BLOCKED THE BOT
head-failed = FAILED
announcement-none = nothing was announced yet
announcement-draft = draft
announcement-sending = sending
announcement-done = done
announcement-stopped = stopped
announcement-all-others = others
# $count (Number)
announcement-people = { $count ->
    [one] { $count } person would be told
   *[other] { $count } people would be told
}
# $number
announcement-unknown = there is no announcement { $number }
# $number
announcement-too-late = announcement { $number } has ended
# $language
announcement-empty = the text{ $language } is empty
# $language, $length, $most
announcement-too-long = the text{ $language } has { $length } characters, and a message of Telegram at most { $most }
# $language
announcement-repeated = there are two texts in one language: { $language }
audit-none = no admin has done anything yet

## forget
# $given
forget-bad-user = USER must be the number of a person at Telegram, such as 5000001, and is `{ $given }`
forget-needs-yes = there is no terminal to ask at: say --yes to erase without a question
# $user
forget-question = What person { $user } wrote, ordered and got will be erased for ever; what was paid stays, without a name. Type yes to go on:
forget-not-confirmed = nothing was erased
# $user
forget-owner = person { $user } is the bot's owner, without whom it has none
# $user
forget-open-jobs = person { $user } has jobs that are not settled: wait for those that run, and decide about those in state unknown or unreadable with `kie-bot jobs retry` or `refund`; --give-up-results also erases those in state undeliverable
# $user
forget-nothing = nothing is kept of person { $user }
# $balance, $user
forget-money = person { $user } has a balance of { $balance }: pay it back or take it back first
# $user
forget-open-refund = a payment of person { $user } is being given back: finish that first with `kie-bot payments refund`
# $user
forget-subscription = person { $user } has a subscription that may go on: cancel it first with `kie-bot payments unsubscribe { $user }`
head-paid = PAID
head-credited = CREDITED
head-refund = GIVEN BACK
head-payment = PAYMENT
payments-none = no payment has come yet
# $user
payments-not-subscribed = person { $user } has no subscription that goes on
# $until
payments-unsubscribed = canceled; what is paid ends on { $until }
ready-no-server = neither HTTP_ADDR nor PORT is set, so the bot has no server to ask
# $address, $why
ready-silent = nobody answers at { $address }: { $why }
statement-none = nothing was booked yet
head-available = AVAILABLE
head-kind = KIND
head-note = NOTE
requests-policy = note: only with ACCESS=list people can ask to be let in
requests-none = nobody asks to be let in
# $user
request-none = there is no open request of { $user }
request-untold = note: the person is not told; the bot lets them in when they write
# $job
job-redelivered = job { $job }: the running bot sends the result again
# $job, $state
job-not-undeliverable = job { $job } is `{ $state }`: only the result of an `undeliverable` one is sent again
payment-refund-asked = asked for
# $day, $taken
payment-refund-done = { $day } ({ $taken })
# $payment
payment-unknown = there is no payment `{ $payment }`
payment-refunded-before = the payment was given back before
payment-erased = whoever has paid was erased, and Telegram gives nothing back without their number
# $amount, $available
payment-spent = nothing was given back: { $amount } were credited for the payment, and only { $available } are left; `kie-bot admin gift` can give the difference first
# $why
payment-refund-refused = Telegram does not give the payment back, and the balance is as it was: { $why }
# $why
payment-refund-unanswered = Telegram has not answered: { $why }. What was credited is off the balance; the same command goes on, and gives nothing back twice
# $user, $jobs (Number), $drafts (Number)
forget-done = person { $user } is forgotten: { $jobs ->
    [one] { $jobs } job
   *[other] { $jobs } jobs
}, { $drafts ->
    [one] { $drafts } unfinished form
   *[other] { $drafts } unfinished forms
}

## admin models
rule-none = no model has a rule
rule-on = on
rule-off = off
rule-unknown = not in the registry
# $nearest, $text
rule-nearest = { $text }; did you mean `{ $nearest }`?
# $field, $model
rule-no-field = `{ $model }` has no field `{ $field }`
# $field
rule-no-values = `{ $field }` has no values to choose from
# $field, $value
rule-no-value = `{ $field }` has no value `{ $value }`
# $field, $value, $values
rule-no-value-of = `{ $field }` has no value `{ $value }`, but { $values }
# $model
rule-priced = KIE's price of { $model } is known: say --price or --markup
# $field
rule-nothing-left = no value of `{ $field }` would be left
rule-busy = others are changing the same rule: try again

## demo
demo-no-room = the demo has no room for its database: { $why }
demo-no-folder = no folder for the picture: { $why }
demo-no-start = the demo cannot start: { $why }
demo-broke-off = the conversation broke off: { $why }
demo-no-stop = the bot did not stop cleanly: { $why }
demo-ended = the bot ended: { $why }
demo-saved = picture saved: { $path }
demo-open = Open { $url } and talk to the bot. Ctrl-C ends the demo.
demo-free = Nothing here costs anything: KIE and Telegram are simulated on this machine.
demo-trouble = Words in a prompt make trouble: [fail], [empty], [late], [slow], [never], [lost].
demo-command-line = The command line can use the simulated KIE as well:

## Webhooks
needs-webhook = { $model } gives its result only in a call from KIE to a public address. The bot can take it, with PUBLIC_URL and KIE_WEBHOOK_KEY; the command line cannot
webhook-need = { $need ->
    [required] must have an address (one where nobody listens is sent without PUBLIC_URL)
    [result] brings the result: only in the bot, with PUBLIC_URL and KIE_WEBHOOK_KEY
   *[optional] optional
}
