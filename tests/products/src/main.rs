//! Prints the JSON schema of product definitions: `cargo run -p pocketdesk-products > docs/product-definition.schema.json`.

fn main() {
    println!("{:#}", pocketdesk::product::definition::json_schema());
}
