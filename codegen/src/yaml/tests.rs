use super::*;

fn tree(text: &str) -> (Node, Vec<String>) {
    let out = Collector::default();
    let node = read(text, &out).unwrap();
    let titles = out.finish("f", text).list().iter().map(|mistake| mistake.title.clone()).collect();
    (node, titles)
}

#[test]
fn merged_keys_fill_gaps_and_keep_their_place() {
    let (node, titles) = tree("base: &b { max: 5, min: 1 }\nuse:\n  <<: *b\n  min: 3\n");
    assert_eq!(titles, [""; 0]);
    let entry = &node.get("use").unwrap().value;
    assert_eq!(entry.json(), serde_json::json!({ "min": 3, "max": 5 }));
    assert_eq!(entry.get("max").unwrap().key.span.line, 1);
    assert_eq!(entry.get("min").unwrap().key.span.line, 4);
}

#[test]
fn a_list_of_mappings_merges_in_order() {
    let (node, _) = tree("a: &a { x: 1 }\nb: &b { x: 2, y: 2 }\nuse: { <<: [*a, *b] }\n");
    assert_eq!(node.get("use").unwrap().value.json(), serde_json::json!({ "x": 1, "y": 2 }));
}

#[test]
fn every_duplicate_key_is_reported() {
    let (_, titles) = tree("a: 1\na: 2\nb: { c: 1, c: 2 }\n");
    assert_eq!(titles, ["`a` is written twice", "`c` is written twice"]);
}

#[test]
fn numbers_flags_and_ratios_are_told_apart() {
    let (node, _) = tree("[5, '5', 16:9, 0.5, true, on, 2026-10-01, ~]");
    assert_eq!(node.json(), serde_json::json!([5, "5", "16:9", 0.5, true, "on", "2026-10-01", null]));
}

fn span(line: u32, column: u32, length: u32) -> Span {
    Span { line, column, length }
}

#[test]
fn columns_count_characters_from_one_for_keys_and_values() {
    let (root, _) = tree("имя: Кот\nlist: [a, 'b c']\n");
    let Data::Map(entries) = &root.data else { panic!("{root:?}") };
    let spans: Vec<Span> = entries.iter().flat_map(|entry| [entry.key.span, entry.value.span]).collect();
    assert_eq!(spans, [span(1, 1, 3), span(1, 6, 3), span(2, 1, 4), span(2, 7, 10)]);
    let Data::List(items) = &entries[1].value.data else { panic!("{root:?}") };
    assert_eq!(items[1].span, span(2, 11, 5));
}

#[test]
fn an_alias_has_the_position_of_its_anchor() {
    let (root, _) = tree("a: &x { max: 5 }\nb: *x\nc:\n  <<: *x\n");
    for name in ["b", "c"] {
        assert_eq!(root.get(name).unwrap().value.get("max").unwrap().value.span, span(1, 14, 1));
    }
}

#[test]
fn a_node_over_several_lines_is_one_character_long() {
    let (root, _) = tree("a:\n  b: 1\n  c: 2\n");
    assert_eq!(root.get("a").unwrap().value.span, span(2, 3, 1));
}

#[test]
fn an_empty_file_is_null() {
    assert_eq!(tree("# nothing\n").0.json(), serde_json::Value::Null);
}

fn refused(text: &str) -> (Span, String) {
    let out = Collector::default();
    assert!(read(text, &out).is_none());
    let mistakes = out.finish("f", text);
    (mistakes.list()[0].span, mistakes.list()[0].title.clone())
}

#[test]
fn aliases_of_aliases_do_not_fill_the_memory() {
    let mut text = "a0: &a0 [x, x]\n".to_owned();
    for level in 1..40 {
        let last = level - 1;
        text.push_str(&format!("a{level}: &a{level} [*a{last}, *a{last}]\n"));
    }
    assert!(refused(&text).1.contains("more than 1000000 values"));
}

#[test]
fn what_is_no_single_tree_is_refused_where_it_begins() {
    assert_eq!(refused("a: &a [1, *a]\n").0, span(1, 11, 1));
    assert_eq!(refused("a: 1\n---\nb: 2\n").0.line, 2);
    assert_eq!(refused("a: !size 5\n").0, span(1, 4, 1));
    assert!(refused(&"[".repeat(200)).1.contains("more than 128"));
    assert!(refused(&"- ".repeat(200)).1.contains("more than 128"));
}

/// `None` for what `serde_yaml` does not take, duplicate keys included.
fn by_serde_yaml(text: &str) -> Option<serde_yaml::Value> {
    let mut value: serde_yaml::Value = serde_yaml::from_str(text).ok()?;
    value.apply_merge().ok()?;
    Some(value)
}

#[test]
fn values_are_those_of_serde_yaml() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let files =
        ["tests/accept", "tests/refuse", "../models"].map(|folder| std::fs::read_dir(root.join(folder)).unwrap());
    let texts = files.into_iter().flatten().map(|file| file.unwrap().path());
    let texts = texts.filter(|path| path.extension().is_some_and(|extension| extension == "yaml"));
    let texts: Vec<String> = texts.map(|path| std::fs::read_to_string(path).unwrap()).collect();
    let scalars = "[yes, on, 1_000, 017, 0x1F, -0o17, +0b101, 0b12, 5., .5, -1e3, 1e400, .inf, -.INF, 1:30, +5, -+5, ++5, \
         0x-5, inf, nan, infinity, '~', \"5\", Null, TRUE, 00.5, -017, 9223372036854775807, 18446744073709551615, -0, \
         !!str 5, !!int 5, !!float 1, !!null ~, !!bool true, 2026-10-01, =, 1 2, a#b]";
    let blocks = "a: |\n  one\n  two\nb: >-\n  one\n  two\nc:\nd: one\n  two\n? e\n: - 1\n  -\n5: x\ntrue: y\n";
    let mut compared = 0;
    for text in [scalars, blocks, "", "# nothing"].into_iter().chain(texts.iter().map(String::as_str)) {
        let Some(theirs) = by_serde_yaml(text) else {
            assert!(compared >= 4, "{text}");
            continue;
        };
        let theirs: serde_json::Value = plain(&theirs);
        let out = Collector::default();
        let ours = read(text, &out).map(|node| node.json());
        if out.count() == 0 {
            assert_eq!(ours, Some(theirs), "{text}");
            compared += 1;
        }
    }
    assert!(compared > 60, "{compared}");
}

fn plain(value: &serde_yaml::Value) -> serde_json::Value {
    use serde_yaml::Value;
    match value {
        Value::Mapping(entries) => entries.iter().map(|(key, value)| (key_name(key), plain(value))).collect(),
        Value::Sequence(items) => items.iter().map(plain).collect(),
        Value::Number(number) => match number.as_i64() {
            Some(whole) => whole.into(),
            None => number.as_f64().into(),
        },
        Value::String(text) => text.as_str().into(),
        Value::Bool(flag) => (*flag).into(),
        Value::Null | Value::Tagged(_) => serde_json::Value::Null,
    }
}

fn key_name(key: &serde_yaml::Value) -> String {
    match plain(key) {
        serde_json::Value::String(text) => text,
        other => other.to_string(),
    }
}
