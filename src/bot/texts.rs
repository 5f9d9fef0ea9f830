//! Every word that a person reads, in every language: Fluent files beside this module, and one method for each message.
//!
//! A message that is asked for exists in all languages with the same arguments: `tests/it/texts.rs` compares the list below
//! with the files. Texts are plain; markup and escaping happen where a message is composed.

pub(crate) mod bundle;
mod phrase;
mod rule;
mod violation;

use std::sync::LazyLock;

use bundle::Bundle;

use crate::schema::spec::Words;

/// A language of the bot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Lang {
    /// English.
    En,
    /// Russian.
    Ru,
}

impl Lang {
    /// Every language.
    pub const ALL: [Self; 2] = [Self::En, Self::Ru];

    /// Its code in the store, in buttons and at Telegram: `en`, `ru`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Ru => "ru",
        }
    }

    /// Its own name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::En => "English",
            Self::Ru => "Русский",
        }
    }

    /// The language with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|l| l.code() == code)
    }

    /// The nearest language for an IETF tag as Telegram reports it (`ru-RU`, `uk`, `de`): people who mostly read Russian
    /// get Russian, all others English.
    pub fn guess(tag: Option<&str>) -> Self {
        match tag.and_then(|t| t.split(['-', '_']).next()).unwrap_or_default() {
            "ru" | "uk" | "be" | "kk" | "ky" | "uz" | "tg" => Self::Ru,
            _ => Self::En,
        }
    }

    /// The words of a registry entry in this language.
    pub const fn of(self, words: &Words) -> &'static str {
        match self {
            Self::En => words.en,
            Self::Ru => words.ru,
        }
    }
}

/// All messages of one language.
#[derive(Debug)]
pub struct Texts {
    bundle: Bundle,
}

static EN: LazyLock<Texts> = LazyLock::new(|| Texts { bundle: Bundle::read(Lang::En, include_str!("texts/en.ftl")) });
static RU: LazyLock<Texts> = LazyLock::new(|| Texts { bundle: Bundle::read(Lang::Ru, include_str!("texts/ru.ftl")) });

impl Texts {
    /// The messages of a language.
    pub fn of(lang: Lang) -> &'static Self {
        match lang {
            Lang::En => &EN,
            Lang::Ru => &RU,
        }
    }

    /// Their language.
    pub const fn lang(&self) -> Lang {
        self.bundle.lang()
    }

    /// The words of a registry entry in this language.
    pub const fn words(&self, words: &Words) -> &'static str {
        self.lang().of(words)
    }
}

bundle::messages! { Texts;
    // Menus and commands
    "home" home();
    "home-hint" home_hint();
    "help" help();
    "language-choose" language_choose();
    "language-set" language_set();
    "command-start" command_start();
    "command-jobs" command_jobs();
    "command-cancel" command_cancel();
    "command-language" command_language();
    "command-help" command_help();
    "unknown-command" unknown_command(command: &str);
    "unknown-text" unknown_text();
    "unknown-content" unknown_content();
    "media-without-form" media_without_form();
    "old-button" old_button();
    "old-form" old_form();
    "draft-unreadable" draft_unreadable();
    "broken" broken();
    "set-aside" set_aside();
    "nothing-to-cancel" nothing_to_cancel();
    "draft-dropped" draft_dropped();
    "job-taken-back" job_taken_back(title: &str);
    "job-detached" job_detached(title: &str);

    // Buttons
    "button-home" button_home();
    "button-back" button_back();
    "button-jobs" button_jobs();
    "button-language" button_language();
    "button-create" button_create();
    "button-generate" button_generate(price: &str);
    "button-generate-plain" button_generate_plain();
    "button-fill" button_fill(field: &str);
    "button-more" button_more();
    "button-less" button_less();
    "button-skip" button_skip();
    "button-clear" button_clear();
    "button-pop" button_pop();
    "button-done" button_done();
    "button-add" button_add();
    "button-remove" button_remove();
    "button-default" button_default();
    "button-repeat" button_repeat();
    "button-repeat-price" button_repeat_price(price: &str);
    "button-change" button_change();
    "button-again" button_again();
    "button-detach" button_detach();
    "button-show" button_show();
    "button-resend" button_resend();
    "button-leave" button_leave();
    "button-original" button_original();
    "yes" yes();
    "no" no();

    // Models
    "task-title" task_title(icon: &str, title: &str);
    "page" page(page: u16, pages: u16);
    "from-price" from_price(price: &str);
    "card-by" card_by(provider: &str);
    "card-asks" card_asks();
    "card-price" card_price(day: &str);
    "card-more-prices" card_more_prices(count: usize);
    "price-row" price_row(price: &str, unit: &str);
    "price-otherwise" price_otherwise();
    "unit" unit(unit: &str);
    "model-not-offered" model_not_offered(title: &str);
    "model-try" model_try(title: &str);

    // Money
    "credits" credits(count: f64, text: &str);
    "credits-limit" credits_limit(count: f64, text: &str);
    "credits-left" credits_left(amount: &str);
    "at-most" at_most(price: &str);
    "price-by-length" price_by_length();
    "price-by-number" price_by_number();
    "price-not-covered" price_not_covered();
    "price-unknown" price_unknown();
    "price-more" price_more(amount: &str);
    "price-less" price_less(amount: &str);
    "price-hidden" price_hidden(field: &str);
    "price-hidden-whole" price_hidden_whole();

    // The form
    "value-default" value_default(value: &str);
    "value-difference" value_difference(value: &str, difference: &str);
    "value-differences" value_differences(differences: &str);
    "option-difference" option_difference(option: &str, difference: &str);
    "value-missing" value_missing();
    "value-empty" value_empty();
    "value-files" value_files(count: usize);
    "value-files-of" value_files_of(count: usize, max: u32);
    "value-items" value_items(count: usize);
    "value-link" value_link();
    "form-more" form_more(count: usize);
    "form-ready" form_ready();
    "form-not-ready" form_not_ready();
    "form-warnings" form_warnings();
    "form-accepted" form_accepted();
    "form-already" form_already();
    "required-mark" required_mark();
    "now-value" now_value(value: &str);
    "item-number" item_number(number: usize);
    "ask-text" ask_text();
    "ask-text-max" ask_text_max(max: u32);
    "ask-text-range" ask_text_range(min: u32, max: u32);
    "ask-text-cjk" ask_text_cjk(max: u32);
    "ask-format" ask_format(example: &str);
    "ask-number" ask_number();
    "ask-number-from" ask_number_from(min: &str);
    "ask-number-to" ask_number_to(max: &str);
    "ask-number-range" ask_number_range(min: &str, max: &str);
    "ask-number-step" ask_number_step(step: &str);
    "ask-number-also" ask_number_also(values: &str);
    "ask-choice" ask_choice();
    "ask-media" ask_media(what: &str);
    "ask-media-many" ask_media_many(what: &str);
    "ask-task" ask_task();
    "ask-task-none" ask_task_none();
    "ask-list-text" ask_list_text();
    "ask-list-items" ask_list_items();
    "ask-object" ask_object();
    "ask-skip" ask_skip();
    "media-kind" media_kind(kind: &str);
    "media-types" media_types(types: &str);
    "media-size" media_size(mb: &str);
    "media-seconds" media_seconds(range: &str);
    "range-from" range_from(min: &str);
    "range-to" range_to(max: &str);
    "range-both" range_both(min: &str, max: &str);
    "list-joined" list_joined(first: &str, last: &str);
    "which-field" which_field();
    "which-file" which_file();
    "step-file-gone" step_file_gone();
    "use-buttons" use_buttons();
    "wrong-kind" wrong_kind(given: &str, what: &str);
    "no-field-takes" no_field_takes(given: &str);
    "file-too-big" file_too_big(mb: &str);
    "file-unreachable" file_unreachable();
    "upload-failed" upload_failed();
    "attachment-gone" attachment_gone();

    // Jobs
    "stage-accepted" stage_accepted();
    "stage-waiting" stage_waiting();
    "stage-generating" stage_generating();
    "stage-sending" stage_sending();
    "stage-still" stage_still();
    "stage-time" stage_time(elapsed: &str);
    "stage-time-usual" stage_time_usual(elapsed: &str, usual: &str);
    "stage-done" stage_done();
    "seconds" seconds(count: u64);
    "minutes" minutes(count: u64);
    "hours" hours(count: u64);
    "result-ready" result_ready();
    "result-link-big" result_link_big(name: &str);
    "result-link-gone" result_link_gone(name: &str);
    "result-link-refused" result_link_refused(name: &str);
    "result-expired" result_expired();
    "failed" failed(title: &str);
    "failed-code" failed_code(code: &str);
    "failed-free" failed_free();
    "failed-charged" failed_charged(price: &str);
    "unknown-fate" unknown_fate(title: &str);
    "unknown-fate-why" unknown_fate_why();
    "unknown-vanished-why" unknown_vanished_why();
    "unknown-resent" unknown_resent();
    "unknown-left" unknown_left();
    "unknown-moved" unknown_moved();
    "jobs-title" jobs_title();
    "jobs-none" jobs_none();
    "job-state" job_state(state: &str);
    "job-ago" job_ago(elapsed: &str);
    "job-unknown" job_unknown();
    "repeat-started" repeat_started(title: &str);
    "repeat-known" repeat_known(title: &str);

    // What is wrong with an input
    "fault-required" fault_required();
    "fault-unknown-field" fault_unknown_field();
    "fault-unknown-field-nearest" fault_unknown_field_nearest(nearest: &str);
    "fault-given-twice" fault_given_twice(other: &str);
    "fault-wrong-type" fault_wrong_type(needed: &str);
    "fault-too-short" fault_too_short(min: u32, length: u32);
    "fault-too-long" fault_too_long(max: u32, length: u32);
    "fault-format" fault_format(example: &str);
    "fault-range" fault_range(range: &str);
    "fault-step" fault_step(step: &str);
    "fault-not-offered" fault_not_offered(given: &str, values: &str);
    "fault-refused" fault_refused(values: &str);
    "fault-too-few" fault_too_few(min: u32, count: u32);
    "fault-too-many" fault_too_many(max: u32, count: u32);
    "fault-url" fault_url(schemes: &str);
    "fault-media" fault_media(allowed: &str);
    "fault-too-big" fault_too_big(max: &str, mb: &str);
    "fault-duration" fault_duration(range: &str, seconds: &str);
    "fault-pixels" fault_pixels(measure: &str, range: &str);
    "fault-needed-with" fault_needed_with(because: &str);
    "fault-not-with" fault_not_with(because: &str);
    "fault-one-of" fault_one_of(fields: &str, min: u32, max: u32);
    "fault-sum" fault_sum(fields: &str, count: &str, max: &str, sum: &str);
    "fault-sum-exact" fault_sum_exact(fields: &str, count: &str, max: &str, sum: &str);
    "fault-difference" fault_difference(smaller: &str);
    "fault-difference-range" fault_difference_range(smaller: &str, range: &str);
    "fault-same-count" fault_same_count(other: &str);
    "fault-repeated" fault_repeated();
    "fault-unmatched" fault_unmatched(target: &str);
    "fault-no-effect" fault_no_effect(because: &str);
    "fault-no-effect-ever" fault_no_effect_ever();
    "fault-not-sent" fault_not_sent();
    "fault-taken-as" fault_taken_as(value: &str);
    "fault-discontinued" fault_discontinued();
    "fault-not-an-object" fault_not_an_object();
    "fault-more-values" fault_more_values(values: &str, count: usize);

    // The command line
    "problems" problems(count: usize);
    "valid" valid();
    "worth-knowing" worth_knowing();
    "unknown-model" unknown_model(model: &str);
    "unknown-model-nearest" unknown_model_nearest(model: &str, nearest: &str);
    "models-are-listed" models_are_listed();
    "model-gone" model_gone(model: &str, status: &str);
    "model-gone-nearest" model_gone_nearest(gone: &str, nearest: &str);
    "input-not-an-object" input_not_an_object(place: &str, given: &str);
    "input-not-json" input_not_json(place: &str, why: &str);
    "line-unreadable" line_unreadable(why: &str);

    // Rules of a model
    "rule-when" rule_when(conditions: &str, demand: &str);
    "rule-advice" rule_advice(rule: &str);
    "condition-is" condition_is(field: &str, values: &str);
    "condition-is-not" condition_is_not(field: &str, values: &str);
    "condition-present" condition_present(field: &str);
    "condition-absent" condition_absent(field: &str);
    "condition-items" condition_items(field: &str, count: u32);
    "rule-require" rule_require(fields: &str);
    "rule-groups" rule_groups(fields: &str, range: &str);
    "rule-forbid" rule_forbid(fields: &str);
    "rule-ignored" rule_ignored(fields: &str);
    "rule-allow" rule_allow(field: &str, values: &str);
    "rule-refuse" rule_refuse(field: &str, values: &str);
    "rule-length" rule_length(field: &str, range: &str);
    "rule-within" rule_within(field: &str, range: &str);
    "rule-count" rule_count(field: &str, range: &str);
    "rule-seconds" rule_seconds(field: &str, range: &str);
    "rule-sum" rule_sum(terms: &str, limit: &str);
    "rule-term" rule_term(field: &str, count: &str);
    "rule-difference" rule_difference(greater: &str, smaller: &str);
    "rule-difference-range" rule_difference_range(greater: &str, smaller: &str, range: &str);
    "rule-same-count" rule_same_count(fields: &str);
    "rule-same-size" rule_same_size(fields: &str);
    "rule-unique" rule_unique(field: &str);
    "rule-refers" rule_refers(field: &str, target: &str);
    "rule-either" rule_either(field: &str, images: &str, videos: &str);
}
