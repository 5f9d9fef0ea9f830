// The page's own words, in the languages of the bot.

const WORDS = {
  en: {
    menu: "Menu", message: "Message", send: "Send", attach: "Attach a file", media: "Photo, video or audio",
    document: "As a document", begin: "Start", hint: "This is a simulated chat on your own computer. Nothing leaves it.",
    bot: "bot", offline: "connecting…", edited: "edited", typing: "typing…", sends: "sending a file…", records: "recording…",
    chat: "Bot", group: "Group", you: "You", friend: "Ann", title: "Two friends", people: "you, Ann and the bot",
    as: "Write as", reply: "Reply", edit: "Edit", editing: "Edit the message", stop: "Cancel", copied: "Copied", only: "only you see this",
    lost: "Could not send: is the demo still running?", late: "The bot has not answered the press.",
    empty: "Out of credits", emptied: "The pretend vendor has no credits now: orders pause.", filled: "The pretend vendor has credits again.",
    pay: "Pay", have: "You have", pretend: "This is pretend: nothing is paid.", close: "Close", monthly: "a month", paid: "Paid:", refunded: "Given back:",
    thanks: "Paid", few: "You have too few Stars.", unanswered: "The bot has not answered: nothing was paid.",
    renews: "Renews on", ends: "Ends on", renewNow: "Let a month pass", endIt: "End the subscription", resumeIt: "Switch it on again",
    commands: { start: "Begin", help: "How it works", language: "Language", cancel: "Stop and clear" },
  },
  ru: {
    menu: "Меню", message: "Сообщение", send: "Отправить", attach: "Прикрепить файл", media: "Фото, видео или звук",
    document: "Как документ", begin: "Начать", hint: "Это учебный чат на вашем компьютере. Ничего не уходит наружу.",
    bot: "бот", offline: "соединение…", edited: "изменено", typing: "печатает…", sends: "отправляет файл…", records: "записывает…",
    chat: "Бот", group: "Группа", you: "Вы", friend: "Аня", title: "Двое друзей", people: "вы, Аня и бот",
    as: "Писать как", reply: "Ответить", edit: "Изменить", editing: "Изменить сообщение", stop: "Отмена", copied: "Скопировано", only: "видите только вы",
    lost: "Не отправлено: демо ещё запущено?", late: "Бот не ответил на нажатие.",
    empty: "Нет кредитов", emptied: "У учебного поставщика кончились кредиты: заказы на паузе.", filled: "У учебного поставщика снова есть кредиты.",
    pay: "Оплатить", have: "У вас", pretend: "Это понарошку: ничего не оплачивается.", close: "Закрыть", monthly: "в месяц", paid: "Оплачено:", refunded: "Возвращено:",
    thanks: "Оплачено", few: "У вас слишком мало звёзд.", unanswered: "Бот не ответил: ничего не оплачено.",
    renews: "Продлится", ends: "Закончится", renewNow: "Пусть пройдёт месяц", endIt: "Закончить подписку", resumeIt: "Включить снова",
    commands: { start: "Начать", help: "Как это работает", language: "Язык", cancel: "Остановить и сбросить" },
  },
};
export const LANGUAGE = (navigator.language || "en").toLowerCase();
const CODE = LANGUAGE.split("-")[0];
export const PAGE_LANGUAGE = Object.hasOwn(WORDS, CODE) ? CODE : "en";
export const say = WORDS[PAGE_LANGUAGE];
