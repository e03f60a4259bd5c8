//! The brain of the cartpole example, which is registered by being here.

#[path = "../../examples/cartpole/brain.rs"]
mod declared;

/// Its name in the registry.
pub(crate) const NAME: &str = <declared::PushPull as spark::core::module::Module>::TABLE.name;
