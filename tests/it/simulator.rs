//! The simulators speak the real protocols: teloxide's own `Bot` and plain HTTP find no difference that matters here.

mod group;
mod kie_side;
mod telegram_side;
