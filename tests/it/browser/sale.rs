//! A whole sale: an order without money, a pack for Stars, the order again, its file, and the statement.

use super::{Phone, holds};

/// What is read and tapped on the way.
struct Words {
    task: &'static str,
    fill: &'static str,
    create: &'static str,
    too_little: &'static str,
    pack: &'static str,
    invoice: &'static str,
    pay: &'static str,
    pretend: &'static str,
    receipt: &'static str,
    left: &'static str,
    statement: &'static str,
    rows: [&'static str; 3],
}

async fn sale(language: &str, words: Words) {
    let Some(phone) = Phone::open("sale", language).await else { return };
    phone.tap(if language == "ru" { "Начать" } else { "Start" }).await;
    phone.tap(words.task).await;
    phone.tap("Nano Banana Pro").await;
    phone.tap(words.fill).await;
    phone.write("A red fox").await;
    phone.tap(words.create).await;
    phone.sees(words.too_little).await;
    phone.picture("1-without-money").await;

    phone.tap(words.pack).await;
    let invoice = phone.sees(words.invoice).await;
    assert!(invoice.contains("120"), "{invoice}");
    phone.picture("2-invoice").await;
    phone.tap(words.pay).await;
    phone.element(&format!("//dialog[@open and {}]", holds(words.pretend))).await;
    phone.picture("3-dialog").await;
    phone.tap(words.pay).await;
    phone.sees(words.receipt).await;
    phone.picture("4-receipt").await;

    phone.tap(words.create).await;
    phone.element("//article//img[@alt='photo']").await;
    phone.picture("5-result").await;
    phone.write("/balance").await;
    phone.sees(words.left).await;
    phone.tap(words.statement).await;
    let statement = phone.sees(words.rows[0]).await.replace('\u{a0}', " ");
    assert!(words.rows.iter().all(|row| statement.contains(row)), "{statement}");
    phone.picture("6-statement").await;
    phone.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sale_in_english() {
    let words = Words {
        task: "Picture from text",
        fill: "Fill in",
        create: "✅ Create · 18 ⭐",
        too_little: "You have 0 ⭐, and this costs 18 ⭐",
        pack: "120 ⭐ for 100 Stars",
        invoice: "Top-up",
        pay: "Pay ⭐ 100",
        pretend: "This is pretend: nothing is paid.",
        receipt: "120 ⭐ received",
        left: "You have 102 ⭐",
        statement: "Statement",
        rows: ["+120 ⭐ · payment", "−18 ⭐ · reserved for", "18 ⭐ · paid from what was reserved"],
    };
    sale("en", words).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sale_in_russian() {
    let words = Words {
        task: "Картинка по тексту",
        fill: "Заполнить",
        create: "✅ Создать · 18 ⭐",
        too_little: "У вас 0 ⭐, а это стоит 18 ⭐",
        pack: "120 ⭐ за 100 звёзд",
        invoice: "Пополнение",
        pay: "Оплатить ⭐ 100",
        pretend: "Это понарошку: ничего не оплачивается.",
        receipt: "Получено 120 ⭐",
        left: "У вас 102 ⭐",
        statement: "История счёта",
        rows: ["+120 ⭐ · пополнение", "−18 ⭐ · отложено", "18 ⭐ · оплачено из отложенного"],
    };
    sale("ru", words).await;
}
