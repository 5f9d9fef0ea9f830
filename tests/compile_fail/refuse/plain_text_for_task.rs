use kie::models::VeoExtend;

fn main() {
    let _ = VeoExtend::new("0f1e2d3c", "The boat sails on".parse().unwrap());
}
