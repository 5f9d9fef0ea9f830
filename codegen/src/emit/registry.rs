//! What spans all models: the enum, and the tables of models and task types.

use heck::ToShoutySnakeCase;
use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::doc;
use super::kind::media_kind;
use super::literal::{ident, integer, option, words};
use crate::resolved::{Registry, Task};

/// The name of the static of a task type.
pub(super) fn task_name(task: &Task) -> Ident {
    ident(&format!("TASK_{}", task.id.to_shouty_snake_case()))
}

/// `Model`, `MODELS`, `TASKS` and the task types.
pub(super) fn tables(registry: &Registry) -> TokenStream {
    let names: Vec<Ident> = registry.models.iter().map(|m| ident(&m.type_name)).collect();
    let modules: Vec<Ident> = registry.models.iter().map(|m| ident(&m.module_name)).collect();
    let variants = registry.models.iter().zip(&names).map(|(model, name)| {
        let docs = doc::lines(&[format!("{}, `{}`.", doc::prose(&model.title.en), model.id)]);
        quote!(#docs #name)
    });
    let tasks = registry.tasks.iter().map(|task| {
        let Task { id, icon, .. } = task;
        let (name, title) = (task_name(task), words(&task.title));
        let (usual, deadline) = (integer(task.usual_s.into()), integer(task.deadline_s.into()));
        let follows = option(task.follows.as_ref(), |follow| {
            let (takes, label) = (media_kind(follow.takes), words(&follow.label));
            quote!(s::spec::FollowSpec { takes: #takes, label: #label })
        });
        quote! {
            static #name: TaskSpec = TaskSpec {
                id: #id, title: #title, icon: #icon, usual_s: #usual, deadline_s: #deadline, follows: #follows
            };
        }
    });
    let task_names = registry.tasks.iter().map(task_name);
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
