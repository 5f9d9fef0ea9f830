//! What spans all models: the enum, and the tables of models and task types.

use heck::ToShoutySnakeCase;
use kie_schema::Lang;
use kie_schema::spec::TaskSpec;
use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::doc;
use super::kind::media_kind;
use super::literal::{ident as rust_ident, integer, localized, option};
use crate::ident;
use crate::registry::Registry;

/// The name of the static of a task type.
pub(super) fn task_name(task: &TaskSpec) -> Ident {
    rust_ident(&format!("TASK_{}", task.id.to_shouty_snake_case()))
}

/// `Model`, `MODELS`, `TASKS` and the task types.
pub(super) fn tables(registry: &Registry) -> TokenStream {
    let names: Vec<Ident> = registry.models.iter().map(|m| rust_ident(&ident::model(m.id))).collect();
    let modules: Vec<Ident> = registry.models.iter().map(|m| rust_ident(&ident::module(m.id))).collect();
    let variants = registry.models.iter().zip(&names).map(|(model, name)| {
        let docs = doc::lines(&[format!("{}, `{}`.", doc::prose(model.title.get(Lang::En)), model.id)]);
        quote!(#docs #name)
    });
    let tasks = registry.tasks.iter().map(|task| {
        let TaskSpec { id, icon, .. } = task;
        let (name, title) = (task_name(task), localized(&task.title));
        let (usual, deadline) = (integer(task.usual_s.into()), integer(task.deadline_s.into()));
        let follows = option(task.follows.as_ref(), |follow| {
            let (takes, label) = (media_kind(follow.takes), localized(&follow.label));
            quote!(s::spec::FollowSpec { takes: #takes, label: #label })
        });
        quote! {
            static #name: TaskSpec = TaskSpec {
                id: #id, title: #title, icon: #icon, usual_s: #usual, deadline_s: #deadline, follows: #follows
            };
        }
    });
    let task_names = registry.tasks.iter().map(|task| task_name(task));
    quote! {
        /// Every model of the registry.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Model { #(#variants),* }

        impl Model {
            /// All models, in the registry's order.
            pub const ALL: &'static [Self] = &[#(Self::#names),*];

            /// What the registry says of the model.
            pub fn spec(self) -> &'static ModelSpec {
                MODELS[self as usize]
            }
        }

        /// The descriptors of all models, in the registry's order.
        pub static MODELS: &[&ModelSpec] = &[#(&#modules::SPEC),*];

        /// What reads JSON text into the typed input of each of [`MODELS`], in the same order.
        static READERS: &[s::input::Reader] = &[#(s::input::read::<#names>),*];

        /// All task types, in the registry's order.
        pub static TASKS: &[&TaskSpec] = &[#(&#task_names),*];

        #(#tasks)*
    }
}
