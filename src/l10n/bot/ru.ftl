# Русские тексты бота. Ключи и аргументы те же, что в en.ftl: это проверяет сборка.

## Menus and commands
home = Что сделаем?
home-hint = Выберите, что нужно, потом модель. Цена видна до того, как что-то потрачено.
help =
    Я делаю картинки, видео, музыку и речь моделями KIE.ai.

    1. Выберите, что нужно, и модель.
    2. Заполните форму: нажмите поле и пришлите текст, фото, видео, голосовое или файл.
    3. Проверьте цену и нажмите «Создать». Результат придёт сюда файлом.

    /start – меню
    /jobs – последние задания
    /cancel – бросить форму или не ждать
    /language – язык
    /help – эта справка
language-choose = Выберите язык.
language-set = Теперь я говорю по-русски.
command-start = Меню
command-jobs = Последние задания
command-balance = Баланс и история счёта
command-promo = Промокод
command-friends = Пригласить друзей
command-purse = Касса группы
command-fill = Пополнить кассу группы
command-paysupport = Вопросы об оплате
command-terms = Условия продажи
command-cancel = Бросить форму или не ждать
command-language = Язык
command-help = Как это работает
command-admin = Админам: люди, деньги, журнал
command-invite = Админам: пригласить людей
command-invites = Админам: действующие приглашения
command-requests = Админам: запросы доступа
command-people = Админам: кому открыт доступ
command-allow = Админам: впустить человека или эту группу
command-deny = Админам: закрыть доступ человеку или этой группе
unknown-command = Команды { $command } нет. Вот что я умею:
unknown-text = Сначала выберите, что сделать, потом я спрошу слова.
unknown-content = Я беру текст, фото, видео, аудио, голосовые и файлы. Это я использовать не могу.
media-without-form = Сначала выберите, что с этим сделать, потом пришлите файл ещё раз.
no-access = Это закрытый бот. Попросите владельца открыть вам доступ; ваш номер — { $id }.
owner-set = Теперь вы владелец этого бота. Он работает только для вас; с настройкой ACCESS=list других впускают /invite и ALLOWED_IDS. Меню — /start.
topic-closed = Тема для меня закрыта, поэтому сообщение здесь:
group-closed = В группу я написать не могу, поэтому сообщение здесь:
others-form = Это чужая форма. Свою можно открыть командой /start.
others-menu = Это чужое меню. Своё можно открыть командой /start.
others-job = Это может сделать только тот, кто сделал заказ, или администратор чата.
reply-question = ✍️ Ответьте на это сообщение: { $field }
old-button = Это старое меню. Вот свежее.
old-form = Эта форма уже неактуальна. Вот нынешняя.
draft-unreadable = Вашу форму сделала прежняя версия бота, её не прочесть. Начните, пожалуйста, заново.
updating = Минутку, я обновляюсь. Попробуйте ещё раз через минуту; ваша форма сохранена.
row-updating = Минутку, я обновляюсь и пока не могу это прочесть. Попробуйте ещё раз через минуту; всё сохранено.
job-stripped = Это было давно: что вы тогда заказали и что получилось, больше не хранится.
price-changed = Цена изменилась: теперь { $now }, а было { $before }. Ничего не заказано; кнопка ниже закажет по новой цене.
# $count (Number)
quota-running = { $count ->
        [one] У вас уже выполняется { $count } заказ: больше одновременно нельзя.
        [few] У вас уже выполняются { $count } заказа: больше одновременно нельзя.
       *[other] У вас уже выполняются { $count } заказов: больше одновременно нельзя.
    } Ничего не заказано; попробуйте, когда один из них закончится (/jobs).
# $count (Number), $wait
quota-starts = { $count ->
        [one] Можно сделать { $count } заказ в минуту.
        [few] Можно сделать { $count } заказа в минуту.
       *[other] Можно сделать { $count } заказов в минуту.
    } Ничего не заказано; попробуйте через { $wait }.
quota-order = Один заказ может стоить не больше { $limit }. Ничего не заказано; выберите вариант или модель подешевле.
quota-day = За 24 часа можно потратить не больше { $limit }, а с этим заказом выйдет больше. Ничего не заказано.
quota-month = За 30 дней можно потратить не больше { $limit }, а с этим заказом выйдет больше. Ничего не заказано.
quota-total = На 24 часа я уже потратил всё, что можно. Ничего не заказано.
orders-paused = Новые заказы пока не принимаются. Ничего не заказано и не списано, всё заполненное сохранено: просто попробуйте позже.
# $price
free-used-up = Бесплатные заказы закончились, а это стоит { $price }. Ничего не заказано; кнопка ниже закажет по этой цене.
price-free = бесплатно
# $count (Number)
free-left = { $count ->
        [one] вам бесплатно: остался { $count } заказ
        [few] вам бесплатно: осталось { $count } заказа
       *[other] вам бесплатно: осталось { $count } заказов
    }
# $count (Number)
free-left-today = { $count ->
        [one] вам бесплатно: сегодня остался { $count } заказ
        [few] вам бесплатно: сегодня осталось { $count } заказа
       *[other] вам бесплатно: сегодня осталось { $count } заказов
    }
balance-available = У вас { $amount }
balance-held = Ещё { $amount } отложено на незаконченные заказы.
balance-free = Здесь всё для вас бесплатно: платит владелец бота.
balance-private-only = Ваш баланс касается только вас: спросите в личном чате.
statement-title = История счёта
statement-empty = Движений пока не было.
statement-row = { $date } · { $amount } · { $why }
moved-hold = отложено: { $order }
moved-capture = оплачено из отложенного: { $order }
moved-release = возвращено: { $order }
moved-free-hold = бесплатный заказ: { $order }
moved-free-capture = бесплатный заказ выполнен: { $order }
moved-free-release = бесплатный заказ не удался: { $order }
moved-payment = пополнение
moved-refund-reversal = платёж не вернулся
moved-refund = возврат платежа
moved-gift = подарок
moved-take-back = списано владельцем бота
moved-promo = промокод
moved-referral = за приглашённого друга
moved-welcome = за приход по ссылке друга
moved-fill-out = передано в кассу группы
moved-fill-in = касса пополнена
moved-return-out = возвращено человеку
moved-return-in = возвращено из кассы группы
button-statement = История счёта
button-top-up = Пополнить
packs-title = На сколько пополнить?
pack = { $amount } за { $stars ->
        [one] { $stars } звезду
        [few] { $stars } звезды
       *[other] { $stars } звёзд
    }
invoice-title = Пополнение
invoice-description = { $amount } на ваш баланс в этом боте. Смотрите /balance.
receipt = Получено { $amount }. Спасибо! Смотрите /balance.
receipt-number = Номер платежа:
receipt-until = Подписка оплачена до { $until }.
plan = { $amount } каждые 30 дней за { $stars ->
        [one] { $stars } звезду
        [few] { $stars } звезды
       *[other] { $stars } звёзд
    }
plan-offer = Первый платёж сейчас, следующие Telegram спишет сам. Полученное остаётся на балансе. Отменить можно в любой момент: /balance или «Мои звёзды» в настройках Telegram.
plan-title = Подписка
plan-description = { $amount } на ваш баланс в этом боте каждые 30 дней. Отменить можно в любой момент.
button-subscribe = Подписаться
button-cancel-subscription = Отменить подписку
button-allow-subscription = Разрешить продлить
subscription-automatic = Подписка: { $plan }. Следующий платёж { $until }, если не отменить её здесь или в настройках Telegram.
subscription-canceled = Подписка: { $plan }. Отменена, закончится { $until }.
subscription-allowed = Подписка: { $plan }. Закончится { $until }, если не включить её снова: настройки Telegram, «Мои звёзды».
subscription-sure = Отменить? Всё, что на балансе, останется у вас.
subscription-unchanged = Telegram её не изменил. Попробуйте позже или отмените в настройках Telegram, «Мои звёзды».
paysupport = Вопрос об оплате? Напишите { $contact } и назовите номер платежа.
paysupport-none = Здесь ничего не продаётся, так что и спрашивать об оплате не о чем.
terms = Условия продажи: { $terms }
terms-default =
    Купленное сразу зачисляется на баланс, и с него оплачиваются заказы здесь.

    Заказ оплачивается, когда пришёл результат; неудачный не стоит ничего.

    Непотраченный платёж можно вернуть: кому писать, скажет /paysupport. Telegram за покупки здесь не отвечает.
payment-refunded = Ваш платёж на { $total } звёзд возвращён. С баланса снято { $taken }, осталось { $left }.
payment-stray = Ваш платёж { $payment } пришёл, но зачислить его не получилось. Он не пропал: владелец бота об этом знает.
payment-stray-admin = Пришёл платёж, для которого нет открытого счёта или который не удалось сохранить, поэтому ничего не зачислено: { $total } звёзд от { $person }, номер { $payment }. Подарите человеку эту сумму или верните звёзды.
checkout-not-sold = Сейчас здесь для вас ничего не продаётся.
checkout-expired = Этот счёт больше не действует. Новый можно получить по команде /balance.
checkout-others = Этот счёт выставлен другому человеку. Свой можно получить по команде /balance.
checkout-paid = Этот счёт уже оплачен. Пополнить ещё можно по команде /balance.
checkout-subscribed = У вас уже есть подписка. Посмотреть её можно по команде /balance.
payer-purse = платит группа (в кассе { $amount })
payer-person = платите вы
purse-available = В кассе группы { $amount }
purse-hint = Пока денег хватает, касса платит за заказы в этой группе, а иначе — тот, кто заказывает. Администраторы группы пополняют её со своего баланса: /fill 50
purse-group-only = Касса бывает у группы: спросите меня там. Ваш собственный баланс: /balance
purse-admins-only = Пополнить кассу могут только администраторы этой группы: деньги идут с их баланса.
purse-usage = Напишите, сколько передать с вашего баланса в кассу группы: /fill 50
purse-balance-short = На вашем балансе меньше, чем { $amount }, поэтому касса не пополнена. Сколько у вас есть: /balance в личном чате.
purse-filled = { $amount } с вашего баланса перешло в кассу группы.
purse-short = В кассе группы осталось только { $available }, а это стоит { $price }. Ничего не заказано; если заказать сейчас, платите вы.
promo-ask = Пришлите промокод.
promo-hint = Промокод
promo-private-only = Промокод касается только вас: пришлите его в личный чат.
promo-given = На ваш баланс зачислено { $amount } по промокоду { $code }.
promo-not-charged = Здесь всё для вас бесплатно, так что промокоду нечего добавить.
promo-unknown = Такого промокода я не знаю. В нём от 4 до 32 латинских букв и цифр; возможно, вкралась опечатка.
promo-ended = Этот промокод больше не действует.
promo-used-up = Этот промокод закончился: другие успели раньше.
promo-used-before = Вы уже использовали этот промокод, а действует он один раз.
promo-too-many = Слишком много неверных кодов. Попробуйте через час.
friends-title = Ваша ссылка для друзей
friends-inviter = Когда друг, пришедший по ней, оплатит первый заказ, вы получите { $amount }.
friends-friend = Друг, пришедший по ней, получит { $amount } после первого оплаченного заказа.
friends-count = Пришли по ней: { $came } · оплатили заказ: { $paid } · вы получили: { $earned }
friends-private-only = Ссылка для друзей — в личном чате: пришлите мне туда /friends.
friends-own-link = Это ваша собственная ссылка: отправьте её другу.
friends-came = Вы пришли по ссылке друга: после первого оплаченного заказа вы получите { $amount }.
reward-inviter = Друг, пришедший по вашей ссылке, оплатил заказ: на ваш баланс зачислено { $amount }. Спасибо!
reward-friend = Вы пришли по ссылке друга и оплатили первый заказ: на ваш баланс зачислено { $amount }.
button-share = Отправить другу
button-older = Раньше
unfunded = У вас { $available }, а это стоит { $price }. Ничего не заказано; смотрите /balance.
quota-again = Попробуйте через { $wait } или выберите что-нибудь подешевле.
quota-cheaper = Выберите вариант или модель подешевле.
broken = У меня что-то сломалось. Ничего не заказано. Попробуйте чуть позже ещё раз.
set-aside = Одно из ваших сообщений или нажатий обработать не удалось, хотя попыток было несколько. Оно отложено, всё остальное работает. Если это был заказ, посмотрите в /jobs, есть ли он там, прежде чем заказывать снова.
nothing-to-cancel = Отменять нечего.
draft-dropped = Форма отброшена. Ничего не потрачено.
job-taken-back = { $title }: отозвано до отправки. Ничего не потрачено.
job-detached = { $title }: больше не докладываю. Задание уже у поставщика, остановить его нельзя, кредиты потрачены. Результат всё равно придёт и останется в /jobs.

## Who may use the bot
access-asked = Ваш запрос доступа сохранён. Я напишу, когда его рассмотрят.
access-refused = Ваш запрос доступа отклонён.
access-granted = Теперь вам можно пользоваться этим ботом. Добро пожаловать!
invite-ended = Приглашение закончилось или уже использовано. Попросите, пожалуйста, новое.
admins-only = Это может только администратор бота.
admin-private-only = Пришлите мне это, пожалуйста, в личный чат.
admin-always-in = Это администратор бота, ему доступ открыт всегда.
access-needs-list = Сейчас бот работает только для своих администраторов (ACCESS=owner). Других можно впустить с настройкой ACCESS=list.
access-is-open = Ботом может пользоваться кто угодно (ACCESS=open), приглашения и запросы доступа не нужны. /deny закрывает доступ человеку или группе.
invite-usage = Напишите /invite или добавьте, на сколько человек (от 1 до { $people }) и на сколько дней (от 1 до { $days }): /invite 5 30
invite-made = { $count ->
    [one] Приглашение на { $count } человека, до { $day }. Доступ получит тот, кто откроет ссылку:
   *[other] Приглашение на { $count } человек, до { $day }. Доступ получит тот, кто откроет ссылку:
}
invite-left = { $count ->
    [one] ещё { $count } человек, до { $day }
    [few] ещё { $count } человека, до { $day }
   *[other] ещё { $count } человек, до { $day }
}
invites-title = Действующие приглашения
invites-none = Действующих приглашений нет. Новое — /invite.
invites-more = Есть и более старые: они покажутся, когда закончатся эти.
invite-withdrawn = Приглашение отозвано.
request-title = 🙋 Запрос доступа
request-allowed = ✅ { $name }: доступ открыт. Решение принял { $by }.
request-refused = 🚫 { $name }: отказано. Решение принял { $by }.
requests-title = Запросы доступа
requests-none = Нерассмотренных запросов нет.
requests-more = Есть и более поздние: они покажутся, когда будут рассмотрены эти.
party-name = Имя: { $name }
party-user-name = Имя пользователя: @{ $name }
party-number = Номер: { $id }
party-allowed = { $id }: доступ открыт. Закрыть его — /deny { $id }.
party-denied = { $id }: доступ закрыт. Открыть его — /allow { $id }.
party-removed = { $id }: убрано из списка.
group-allowed = Теперь в этой группе ботом может пользоваться каждый. Закрыть доступ — /deny.
group-denied = В этой группе бот больше не работает. Открыть доступ — /allow.
allow-usage = Напишите /allow или /deny и номер человека или группы, например /allow 123456789; в самой группе — без номера.
people-title = Кому открыт доступ
people-settings = По настройкам (ALLOWED_IDS): { $list }
people-none = Администраторы и приглашения никого не впускали и никому не закрывали доступ.
people-how = { $how ->
    [invite] ✅ С { $day }, по приглашению от { $admin }
    [request] ✅ С { $day }, по запросу, впустил { $admin }
    [denied] 🚫 Доступ закрыт с { $day }, закрыл { $admin }
   *[admin] ✅ С { $day }, впустил { $admin }
}

## For admins of the bot
button-admin = ‹ Управление
button-block = 🚫 Заблокировать
button-unblock = ✅ Разблокировать
button-copy-gift = Скопировать: подарок
button-copy-limit = Скопировать: лимиты
admin-title = 🛠 Управление
admin-hint = Чтобы найти человека, напишите /admin и номер, @имя или начало имени: /admin анна
admin-entry-people = 👥 Люди
button-send-again = 🔁 Отправить заново
button-reread = 🔁 Прочитать ещё раз
button-give-up = Отказаться
button-redeliver = 📨 Доставить ещё раз
admin-entry-jobs = 🗂 Задания
admin-entry-keys = 🔑 Ключи
admin-jobs-hint = Чтобы посмотреть другое задание, напишите /admin и его номер или номер его задачи у KIE.
admin-jobs-none-wait = Решения не ждёт ни одно.
admin-jobs-wait = Ждут решения: { $number }
admin-job-id = Задание: { $id }
admin-job-task = Задача: { $id }
admin-job-key = Ключ: { $key }
admin-job-person = Человек: { $user }, чат: { $chat }
admin-job-price = Цена: { $price }
admin-job-times = Заказано { $ordered }, последнее изменение { $moved }
admin-job-again = Отправлено заново; KIE может взять деньги дважды.
admin-job-reread = Результат запрошен у KIE ещё раз, это бесплатно.
admin-job-given-up = Заданию отказано; отложенное освобождено, человеку сообщено.
admin-job-redelivered = Результат снова отправляется в чат.
admin-key-silent = нет ответа ({ $code })
admin-entry-requests = 🙋 Запросы
admin-entry-audit = 📒 Журнал
admin-entry-payments = 💫 Платежи
admin-payments-none = Платежей ещё не было.
admin-payments-hint = Последние платежи в звёздах Telegram. Нажмите, чтобы посмотреть платёж и вернуть его.
admin-payment-credited = Зачислено: { $amount }
admin-payment-asked = Telegram ещё не ответил на просьбу о возврате. Кнопка «Вернуть» попросит снова; дважды ничего не вернётся.
admin-payment-done = Возвращён { $day }.
admin-payment-sure = Вернуть все звёзды? Зачисленное снимется с баланса.
admin-payment-given-back = Возвращено.
admin-payment-unknown = Такого платежа нет.
admin-payment-before = Он уже возвращён.
admin-payment-erased = Плательщик стёрт, а без его номера Telegram ничего не возвращает.
admin-payment-spent = Ничего не возвращено: зачислено { $amount }, а осталось { $left }.
admin-payment-refused = Telegram не возвращает платёж, баланс прежний: { $why }
admin-payment-unanswered = Telegram не ответил ({ $why }). Зачисленное снято с баланса; кнопка «Вернуть» продолжит.
button-refund = ↩️ Вернуть
button-refund-now = ↩️ Да, вернуть
admin-subscription-canceled = Подписка отменена: платежей больше не будет.
admin-subscription-unchanged = Telegram её не отменил: { $why }
button-person = 👤 Человек
admin-entry-announcements = 📣 Объявления
announcement-hint =
    Чтобы сказать что-то всем, пришлите мне: /admin announce ТЕКСТ. Сначала вы увидите его сами, с кнопкой отправки.

    Тексты на нескольких языках: перед каждым строка [ru] или [en].
announcement-row = № { $number } · { $day } · { $state ->
    [draft] черновик
    [sending] отправляется
    [done] отправлено
   *[stopped] остановлено
}
announcement-counts = { $count ->
    [one] Получил { $count } человек
    [few] Получили { $count } человека
   *[many] Получили { $count } человек
}, заблокировали бота: { $unreachable }, сбоев: { $failed }
announcement-draft = { $count ->
    [one] Это получит { $count } человек:
    [few] Это получат { $count } человека:
   *[many] Это получат { $count } человек:
}
announcement-started = Объявление отправляется. Ответы и результаты идут вперёд него.
announcement-stopped = Остановлено.
announcement-too-late = Поздно: это объявление закончено или уже отправляется.
announcement-empty = Текст на языке «{ $language }» пуст.
announcement-too-long = В тексте { $length } знаков, а в сообщении — не больше { $most }.
announcement-too-long-in = В тексте на языке «{ $language }» { $length } знаков, а в сообщении — не больше { $most }.
announcement-repeated = Два текста на языке «{ $language }».
button-announce = 📣 Отправить
button-discard = 🗑 Удалить
button-stop-announcement = ⏹ Остановить № { $number }
button-refresh = 🔄 Обновить
admin-people-hint = Те, кто был здесь последними. Чтобы найти кого-то ещё, напишите /admin и номер, @имя или начало имени.
admin-several = Кто из них?
admin-too-many = Людей с таким именем больше: напишите имя полнее.
admin-nobody = Я не знаю никого по имени или номеру «{ $text }». Я знаю тех, кто мне уже писал.
admin-no-money = Здесь всё для людей бесплатно (CHARGE=off), поэтому счёта ни у кого нет.
admin-gift-usage = Напишите, кому, сколько и, если хотите, за что: /admin gift 123456789 10.50 спасибо. Сумма меньше 0 списывает деньги, если они есть.
admin-gift-done = Проведено: { $amount }.
admin-gift-short = { $amount }: не проведено, на счёте меньше.
admin-purse-usage = /admin purse -1001234567890 показывает кассу этой группы; /admin purse -1001234567890 5000001 10.50 отдаёт столько из неё человеку.
admin-purse = Касса группы { $group }: { $amount }
admin-limit-usage = Напишите, кому и что: /admin limit 123456789 running=3 starts=6 order=300 day=500 month=5000. Суммы — в кредитах; off — без лимита, default — как в настройках, а одно слово default возвращает всё.
admin-limit-done = Лимиты действуют со следующего заказа.
admin-person-known = Здесь с { $day }, язык { $language }
admin-person-seen = Последний раз: { $day }
admin-person-access = { $access ->
    [admin] Доступ: администратор бота
    [denied] Доступ: заблокирован
    [allowed] Доступ: открыт
   *[none] Доступ: по настройкам
}
admin-person-jobs = Заданий: { $count }
admin-person-spent = Потрачено за 24 часа: { $day }, за 30 дней: { $month }
admin-person-balance = Баланс: { $amount }
admin-person-limits = Свои лимиты: { $limits }
admin-audit-none = Пока ничего.
admin-audit-row = { $day } · { $actor }: { $what ->
    [allow] открыл доступ
    [deny] закрыл доступ
    [remove_access] убрал из списка
    [invite] создал приглашение
    [withdraw_invite] отозвал приглашение
    [allow_request] удовлетворил запрос доступа
    [refuse_request] отклонил запрос доступа
    [retry_job] отправил задание заново
    [reread_job] велел прочитать результат ещё раз
    [refund_job] отказался от задания
    [redeliver_job] велел доставить результат ещё раз
    [set_quotas] изменил лимиты человека
    [set_model_rule] принял решение о модели
    [gift] подарил деньги
    [take_back] списал деньги
    [return_purse] вернул деньги из кассы
    [add_promo] создал промокод
    [stop_promo] остановил промокод
    [refund_payment] вернул платёж
    [announce] отправил объявление
    [stop_announcement] остановил объявление
    [forget] стёр человека
   *[other] { $what }
}

## Buttons
button-home = 🏠 Меню
button-back = ‹ Назад
button-jobs = 🗂 Мои задания
button-language = 🌐 Язык
button-create = ✨ Заполнить
button-generate = ✅ Создать · { $price }
button-generate-plain = ✅ Создать
button-generate-later = ⏳ Создать
button-generate-anyway = ⚠️ Всё равно создать · { $price }
button-instead = ↪️ Лучше { $title }
button-fill = 👉 Заполнить: { $field }
button-more = ⚙️ Дополнительно
button-less = ⚙️ Свернуть
button-skip = Пропустить
button-clear = 🗑 Очистить
button-pop = ↩️ Убрать последнее
button-done = ✅ Готово
button-add = ➕ Добавить
button-remove = 🗑 Убрать
button-retry-item = 🔁 № { $number }
button-remove-item = 🗑 № { $number }
button-default = Как обычно
button-repeat = 🔁 Ещё раз
button-repeat-price = 🔁 Ещё раз · { $price }
button-change = ✏️ Изменить
button-again = 🔁 Попробовать ещё раз
button-detach = Не ждать
button-show = Показать
button-resend = Отправить как новое
button-leave = Оставить
button-voice = 🎙 Голосовым сообщением
button-copy-prompt = 📋 Описание
button-copy-task = 📋 Номер задания
button-original = 📎 Файл без сжатия
button-ask-access = 🙋 Попросить доступ
button-allow = ✅ Впустить
button-refuse = 🚫 Отказать
yes = Да
no = Нет

## Models
task-title = { $icon } { $title }
page = { $page } / { $pages }
from-price = от { $price }
card-by = { $provider }
card-asks = Нужно указать:
card-price = Цена (на { $day }):
card-more-prices = { $count ->
    [one] …и ещё { $count } цена, видна в форме
    [few] …и ещё { $count } цены, видны в форме
   *[many] …и ещё { $count } цен, видны в форме
}
price-row = { $price } за { $unit }
price-otherwise = иначе
card-outputs = Сколько файлов вернётся, решает модель, но не больше { $most }. Платят за каждый, поэтому в форме показан верхний предел.
card-estimate = В форме показан верхний предел, оценённый по длине текста; обычно выходит дешевле.
card-discount-until = Скидка до { $day }; потом до { $price }.
card-discount-open = Скидка, срок которой поставщик не назвал; без неё до { $price }.
unit = { $unit ->
    [image] картинку
    [video] видео
    [second] секунду
    [minute] минуту
    [request] запуск
    [run] запуск
    [song] песню
    [track] дорожку
    [megapixel] мегапиксель
    [layer] слой
    [million_tokens] миллион токенов
    [extension] продление
    [thousand-chars] 1000 знаков
   *[other] { $unit }
}
health = 📈 В последнее время удаётся { $percent }% её задач.
health-poor = ⚠️ Сейчас она работает плохо: в последнее время удаётся только { $percent }% её задач. С другой моделью может выйти быстрее.
model-not-offered = { $title } больше не предлагается.
model-try = Вместо неё есть { $title }.
model-no-price = { $title } здесь не заказать: поставщик не назвал цену, а без цены я ничего не заказываю.
model-off = { $title } в этом боте пока отключена.
model-for-others = { $title } в этом боте вам не открыта.
model-troubled = ⚠️ Задания { $title } сейчас часто не удаются.

## Money
credits = { $count ->
    [one] { $text } кредит
    [few] { $text } кредита
    [many] { $text } кредитов
   *[other] { $text } кредита
}
credits-limit = { $count ->
    [one] { $text } кредита
    [few] { $text } кредитов
    [many] { $text } кредитов
   *[other] { $text } кредита
}
credits-left = остаток { $amount }
at-most = до { $price }
price-by-length = цена по длине файла
price-by-text = по длине текста
price-by-number = цена зависит от решения модели
price-not-covered = для такого выбора цены нет
price-unknown = цена неизвестна
price-more = +{ $amount }
price-less = −{ $amount }
price-hidden = Не могу сказать, сколько это будет стоить, поэтому не заказал: длина или размер «{ $field }» неизвестны. Пришлите сам файл как видео, аудио или фото, а не ссылкой.
price-hidden-whole = Не могу сказать, сколько это будет стоить, поэтому не заказал. Выберите, пожалуйста, другие настройки.

## The form
value-default = { $value } (обычно)
value-difference = { $value }: { $difference }
value-differences = ({ $differences })
option-difference = { $option } · { $difference }
value-missing = нужно
value-empty = –
value-files = { $count ->
    [one] { $count } файл
    [few] { $count } файла
   *[many] { $count } файлов
}
value-files-of = { $count } из { $max }
value-items = { $count ->
    [one] { $count } пункт
    [few] { $count } пункта
   *[many] { $count } пунктов
}
value-link = ссылка
value-uploading = загружается
value-not-uploaded = не загружено
value-uploads = ⏳ загружается: { $count }
value-uploads-failed = ⚠️ не загружено: { $count }
characters = { $count ->
    [one] { $text } знак
    [few] { $text } знака
   *[many] { $text } знаков
}
value-long-text = { $text } ({ $length })
form-more = { $count ->
    [one] Дополнительно: свёрнуто { $count } поле
    [few] Дополнительно: свёрнуто { $count } поля
   *[many] Дополнительно: свёрнуто { $count } полей
}
form-not-ready = Пока не готово:
form-warnings = Обратите внимание:
form-accepted = Принято.
form-already = Это уже заказано, ничего нового не началось.
required-mark = нужно
now-value = Сейчас: { $value }
item-number = № { $number }
ask-text = Пришлите текст.
ask-text-max = { $max ->
    [one] Пришлите текст: не больше { $max } знака.
   *[many] Пришлите текст: не больше { $max } знаков.
}
ask-text-range = { $max ->
    [one] Пришлите текст: от { $min } до { $max } знака.
   *[many] Пришлите текст: от { $min } до { $max } знаков.
}
ask-text-cjk = С китайским, японским или корейским – не больше { $max }.
ask-text-file = Длинный можно прислать файлом .txt.
ask-format = Должно выглядеть так: { $example }
ask-number = Пришлите число.
ask-number-from = Пришлите число, не меньше { $min }.
ask-number-to = Пришлите число, не больше { $max }.
ask-number-range = Пришлите число от { $min } до { $max }.
ask-number-step = С шагом { $step }.
ask-number-also = Можно и { $values }.
ask-choice = Выберите:
ask-media = Пришлите { $what } или ссылку.
ask-media-many = Пришлите { $what }, по одному или альбомом; можно и ссылки. Когда всё, нажмите «Готово».
ask-task = Выберите одно из своих заданий или пришлите номер задачи.
ask-task-result = Выберите из того, что уже сделали, или пришлите номер.
ask-task-none = Подходящих заданий у вас ещё нет. Пришлите номер задачи.
ask-task-result-none = У вас таких ещё нет. Их делает { $models }. Или пришлите номер.
ask-list-text = Присылайте по одному. Когда всё, нажмите «Готово».
ask-list-items = Добавляйте по одному. Когда всё, нажмите «Готово».
ask-object = Нажмите часть, чтобы заполнить её.
media-kind = { $kind ->
    [image] картинку
    [video] видео
    [audio] аудио или голосовое
   *[document] файл
}
media-types = Типы: { $types }.
media-size = До { $mb } МБ.
media-seconds = Длина: { $range } с.
range-from = от { $min }
range-to = до { $max }
range-both = от { $min } до { $max }
list-joined = { $first } или { $last }
which-field = Куда это?
which-field-files = { $count ->
    [one] { $count } файл: куда его?
    [few] { $count } файла: куда их?
   *[many] { $count } файлов: куда их?
}
files-left-out = { $count ->
    [one] { $count } файл не взят: для него нет места.
    [few] { $count } файла не взяты: для них нет места.
   *[many] { $count } файлов не взяты: для них нет места.
}
edit-too-late = Это уже заказано с тем, что вы прислали раньше. Чтобы заказать заново с тем, что есть теперь, нажмите «Изменить».
which-file = Какой из файлов?
step-file-gone = Поставщик удаляет результаты через две недели, этого уже нет. Пришлите файл, пожалуйста, сами.
use-buttons = Здесь нужны кнопки.
wrong-kind = Вы прислали { $given }, а здесь нужно: { $what }.
no-field-takes = Вы прислали { $given }, в этой форме это некуда вставить.
file-too-big = В этом файле { $mb } МБ. Telegram отдаёт ботам файлы до { $limit } МБ. Пришлите файл поменьше или ссылку на него.
file-not-on-disk = Бот не может прочитать файлы, которые хранит его собственный сервер Telegram: присылать ещё раз нет смысла. Исправить это может владелец бота, в журнале бота сказано как.
file-unreachable = Telegram не отдаёт этот файл. Пришлите его, пожалуйста, ещё раз.
needs-webhook = Эта модель отдаёт результат только вызовом от поставщика, а бот не настроен его принимать. Владелец бота может это исправить: настройки PUBLIC_URL и KIE_WEBHOOK_KEY.
upload-failed = Не получилось передать файл поставщику. Пришлите его чуть позже ещё раз.
upload-late = Передача этого файла поставщику заняла слишком много времени. Попробуйте чуть позже ещё раз или пришлите файл поменьше.
upload-broken = С этим файлом у меня что-то сломалось. Попробуйте, пожалуйста, ещё раз.
text-file-unreadable = В этом файле не простой текст. Сохраните его как текст в UTF-8 и пришлите ещё раз.
text-file-too-big = В текстовом файле может быть не больше 1 МБ.
order-waits = { $count ->
    [one] Пока ничего не заказано: { $count } файл ещё в пути к поставщику. Когда он дойдёт, я покажу форму снова.
    [few] Пока ничего не заказано: { $count } файла ещё в пути к поставщику. Когда они дойдут, я покажу форму снова.
   *[many] Пока ничего не заказано: { $count } файлов ещё в пути к поставщику. Когда они дойдут, я покажу форму снова.
}
order-wait-over = Все файлы у поставщика. Чтобы заказать, нажмите «Создать».
order-wait-failed = Не все файлы дошли до поставщика, поэтому ничего не заказано.
attachment-gone = Файл в поле «{ $field }» больше не достать. Пришлите его, пожалуйста, ещё раз.

## Jobs
stage-accepted = ⏳ Принято
stage-waiting = ⏳ В очереди
stage-generating = 🎨 Работаю
stage-sending = 📦 Готово, отправляю
stage-still = 🕰 Дольше обычного. Задание ещё идёт, результат придёт сюда
stage-time = { $elapsed }
stage-time-usual = { $elapsed }, обычно { $usual }
seconds = { $count } с
minutes = { $count } мин
hours = { $count } ч
result-link-big = { $name } больше { $mb } МБ, столько Telegram от бота не берёт. Вот ссылка:
result-link-gone = { $name } не получилось забрать у поставщика. Вот ссылка:
result-link-refused = Telegram не взял { $name }. Вот ссылка:
result-link-again = Вот свежая ссылка на файл:
result-link-lasts = Ссылка работает { $time }. «Показать» даст новую, пока файл есть у поставщика, то есть 14 дней.
result-link-kept = Поставщик хранит файл 14 дней. «Показать» пришлёт его снова.
result-expired = Поставщик удаляет результаты через 14 дней, этого уже нет.
voice-unreachable = Telegram не отдаёт эту запись, поэтому голосовым сообщением она не стала.
voice-refused = Telegram не взял голосовое сообщение. Возможно, их не пропускают ваши настройки приватности.
failed = { $title }: не получилось.
failed-blocked = Защита сети перед поставщиком (CDN) отклонила запрос бота, и до поставщика он не дошёл. Дело не в вашем заказе.
failed-ip = Поставщик не принимает ключ бота с этого адреса. Владелец бота может изменить у ключа список IP-адресов.
failed-key-limit = Ключ бота исчерпал собственный лимит у поставщика. Владелец бота может его поднять.
failed-paused = Новые заказы ненадолго приостановлены, и этот не запускался. Попробуйте позже: всё, что вы заполнили, сохранено.
failed-code = Код: { $code }
failed-free = Ничего не списано.
failed-unconfirmed = За неудачи поставщик кредиты не списывает, но об этом заказе прямо не сказал.
failed-doubted = Прежняя попытка этого заказа потерялась, и за неё поставщик мог списать кредиты.
failed-charged = Поставщик списал { $price }.
unknown-fate = { $title }: не знаю, что с ним стало.
unknown-fate-why = Заказ ушёл, а ответ потерялся по дороге. Возможно, поставщик его взял и списал кредиты. Повтор может стоить вдвое, поэтому без вашего слова я его не делаю.
unknown-vanished-why = Поставщик принял заказ, а теперь говорит, что такого задания не знает. Возможно, кредиты он списал. Повтор может стоить вдвое, поэтому без вашего слова я его не делаю.
unknown-timeout-why = Поставщик не закончил заказ за двое суток. Он ещё может его закончить и мог списать кредиты. Повтор может стоить вдвое, поэтому без вашего слова я его не делаю.
unreadable = { $title }: поставщик сообщает, что готово, но прочитать присланное не получается.
unreadable-why = Попытки шли две минуты. Ответ поставщика сохранён, владелец бота об этом знает. Если результат найдётся, он придёт сюда.
unreadable-charge = Возможно, поставщик списал кредиты. Отложенное на заказ остаётся отложенным, пока не решит владелец.
unknown-resent = Отправлено ещё раз как новый заказ.
unknown-left = Оставлено как есть. Отложенные на него кредиты снова свободны.
unknown-moved = Это уже решено.
undelivered = { $count ->
    [one] { $count } результат не дошёл до чата
    [few] { $count } результата не дошли до чата
   *[many] { $count } результатов не дошли до чата
}
undelivered-chat = Чат { $chat }: { $reason }
undelivered-gone = бот там заблокирован, или чата больше нет.
undelivered-refused = Telegram его не принял или молчал неделю.
undelivered-more = …и ещё { $count }
undelivered-hint = Они оплачены и хранятся: чат получит своё, когда снова напишет боту. Все такие задания показывает команда kie-bot jobs --state undeliverable
jobs-title = Последние задания
jobs-none = Заданий ещё нет.
job-state = { $state ->
    [held] ждёт
    [submitting] отправляется
    [running] в работе
    [ready] готово
    [delivering] доставляется
    [delivered] готово
    [failed] не получилось
    [unknown] судьба неизвестна
    [unreadable] готово, но не прочитано
    [undeliverable] хранится, не доставлено
    [cancelled] отозвано
   *[other] { $state }
}
job-ago = { $elapsed } назад
job-unknown = Такого задания здесь нет.
repeat-started = Ещё раз: { $title }.
repeat-known = { $title }: эту кнопку уже нажимали. Её задание:

## What is wrong with an input
violation-required = нужно заполнить
violation-unknown-field = такого поля у модели нет
violation-unknown-field-nearest = такого поля у модели нет; может быть, { $nearest }?
violation-given-twice = задано дважды, ещё и как { $other }
violation-wrong-type = { $needed ->
    [string] нужен текст
    [integer] нужно целое число
    [number] нужно число
    [boolean] нужно «да» или «нет» (true или false)
    [array] нужен список
   *[object] нужна группа полей
}
violation-too-short = { $length ->
    [0] { $min ->
        [one] пусто; нужен хотя бы { $min } знак
        [few] пусто; нужно хотя бы { $min } знака
       *[many] пусто; нужно хотя бы { $min } знаков
    }
   *[other] { $min ->
        [one] слишком коротко ({ $length }); нужен хотя бы { $min } знак
        [few] слишком коротко ({ $length }); нужно хотя бы { $min } знака
       *[many] слишком коротко ({ $length }); нужно хотя бы { $min } знаков
    }
}
violation-too-long = { $length ->
    [one] { $length } знак; можно не больше { $max }
    [few] { $length } знака; можно не больше { $max }
   *[many] { $length } знаков; можно не больше { $max }
}
violation-format = должно выглядеть так: { $example }
violation-range = должно быть { $range }
violation-step = должно быть кратно { $step }
violation-not-offered = «{ $given }» нет в списке; выберите { $values }
violation-refused = не сочетается с другими настройками: { $values }
violation-not-allowed = «{ $given }» в этом боте не заказать; выберите что-нибудь другое
violation-not-allowed-choose = «{ $given }» в этом боте не заказать; выберите { $values }
violation-too-few = { $min ->
    [one] есть { $count }, нужна хотя бы { $min } штука
    [few] есть { $count }, нужно хотя бы { $min } штуки
   *[many] есть { $count }, нужно хотя бы { $min } штук
}
violation-too-many = { $max ->
    [one] есть { $count }, можно не больше { $max } штуки
   *[many] есть { $count }, можно не больше { $max } штук
}
violation-url = нужна ссылка, которая начинается с { $schemes }
violation-media = такой тип не подходит; нужно: { $allowed }
violation-too-big = { $mb } МБ, можно не больше { $max } МБ
violation-duration = длится { $seconds } с; нужно { $range } с
violation-pixels = { $measure ->
    [side] не подходят стороны: каждая должна быть { $range } пикселей
    [short_side] не подходит короткая сторона: нужно { $range } пикселей
    [long_side] не подходит длинная сторона: нужно { $range } пикселей
    [total] не подходит размер: всего нужно { $range } пикселей
    [same_size] ширина и высота должны быть как у других картинок
   *[ratio] не подходит форма: ширина, делённая на высоту, должна быть { $range }
}
violation-needed-with = нужно заполнить, потому что заданы: { $because }
violation-not-with = нужно убрать, потому что заданы: { $because }
violation-one-of = { $max ->
    [1] { $min ->
        [1] нужно ровно одно из: { $fields }
       *[other] можно не больше одного из: { $fields }
    }
   *[other] { $min ->
        [0] слишком много из: { $fields }
        [1] нужно хотя бы одно из: { $fields }
       *[other] нужно хотя бы { $min } из: { $fields }
    }
}
violation-sum = { $count ->
    [seconds] { $fields }: вместе { $sum } с, можно не больше { $max } с
    [characters] { $fields }: вместе знаков { $sum }, можно не больше { $max }
    [megabytes] { $fields }: вместе { $sum } МБ, можно не больше { $max } МБ
    [value] { $fields }: вместе { $sum }, можно не больше { $max }
   *[items] { $fields }: вместе { $sum }, можно не больше { $max }
}
violation-sum-exact = { $count ->
    [seconds] { $fields }: вместе { $sum } с, должно быть { $max } с
    [characters] { $fields }: вместе знаков { $sum }, должно быть { $max }
    [megabytes] { $fields }: вместе { $sum } МБ, должно быть { $max } МБ
    [value] { $fields }: вместе { $sum }, должно быть { $max }
   *[items] { $fields }: вместе { $sum }, должно быть { $max }
}
violation-difference = должно быть больше, чем { $smaller }
violation-difference-range = должно быть больше, чем { $smaller }, на { $range }
violation-same-count = должно быть столько же, сколько в { $other }
violation-repeated = повторяется
violation-unmatched = нет в { $target }
violation-no-effect = ни на что не влияет, потому что заданы: { $because }
violation-no-effect-ever = здесь ни на что не влияет
violation-not-sent = у этой модели больше нет такого поля; оно не отправляется
violation-not-given = оставлено пустым и считается не заданным
violation-not-given-default = оставлено пустым и считается не заданным: действует { $default }
violation-taken-as = такого значения нет; вместо него отправляется { $value }
violation-discontinued = поставщик скоро уберёт это
violation-not-an-object = ввод должен быть объектом JSON
violation-more-values = { $values } или одно из ещё { $count }

## The command line
problems = { $count ->
    [one] { $count } ошибка
    [few] { $count } ошибки
   *[other] { $count } ошибок
}
valid = подходит
worth-knowing = стоит знать:
unknown-model = нет модели `{ $model }`
unknown-model-nearest = нет модели `{ $model }`; может быть, `{ $nearest }`?
models-are-listed = список даёт `kie-bot models`
model-gone = { $status ->
    [retired] модель `{ $model }` снята и больше не предлагается
    [removed] модель `{ $model }` удалена и больше не предлагается
   *[suspect] модель `{ $model }`, похоже, не работает и больше не предлагается
}
model-gone-nearest = { $gone }; вместо неё есть `{ $nearest }`
model-trouble = задачи `{ $model }` сейчас часто не удаются; вместо неё есть `{ $nearest }`
input-not-an-object = { $place }: нужен объект JSON, а не { $given ->
    [boolean] флаг
    [number] число
    [string] текст
    [array] список
   *[null] null
}
input-not-json = { $place }: это не JSON: { $why }
line-unreadable = строку не прочесть: { $why }

## Rules of a model
rule-when = если { $conditions }: { $demand }
rule-advice = совет: { $rule }
condition-is = { $field } — { $values }
condition-is-not = { $field } — не { $values }
condition-present = указано { $field }
condition-absent = не указано { $field }
condition-items = в { $field } { $count ->
    [one] { $count } пункт
    [few] { $count } пункта
   *[other] { $count } пунктов
}
rule-require = нужно указать { $fields }
rule-groups = из { $fields } нужно указать { $range }
rule-forbid = нельзя указывать { $fields }
rule-ignored = не действует: { $fields }
rule-allow = { $field } — только { $values }
rule-refuse = { $field } — не { $values }
rule-length = знаков в { $field }: { $range }
rule-within = { $field }: { $range }
rule-count = пунктов в { $field }: { $range }
rule-seconds = длина { $field }: { $range } с
rule-sum = { $terms }: { $limit }
rule-term = { $count ->
    [seconds] секунды { $field }
    [characters] знаки { $field }
    [megabytes] мегабайты { $field }
    [items] число { $field }
    [presence] 1 за { $field }
   *[value] { $field }
}
rule-difference = { $greater } должно быть больше { $smaller }
rule-difference-range = { $greater } должно быть больше { $smaller }, разница: { $range }
rule-same-count = пунктов поровну: { $fields }
rule-same-size = одинаковые ширина и высота: { $fields }
rule-unique = значения { $field } не повторяются
rule-refers = { $field } должно встречаться в { $target }
rule-either = в { $field } картинок: { $images }, или роликов: { $videos }, но не вместе

## Для тех, кто держит бота
alerts = Для владельца бота
alert-out-of-credits = На счёте в KIE кончились кредиты: заказы приостановлены. Пополните его на kie.ai, и они возобновятся сами.
alert-out-of-credits-over = На счёте в KIE снова есть кредиты: заказы идут.
alert-low-credits = На счёте в KIE осталось { $amount }.
alert-low-credits-over = На счёте в KIE снова достаточно кредитов.
alert-key = KIE не принимает ключ { $key }: { $reason }.
alert-key-credits = на его счёте кончились кредиты
alert-key-limit = исчерпан его собственный лимит
alert-key-address = его нельзя использовать с этого IP-адреса
alert-key-code = код { $code }
alert-key-over = KIE снова принимает ключ { $key }.
alert-cap = Исчерпан лимит всех заказов на 24 часа: заказы не принимаются.
alert-cap-over = В лимите на 24 часа снова есть место для заказов.
alert-failures = Из последних заказов в KIE не удалось { $percent }%.
alert-failures-over = Заказы в KIE снова редко срываются.
alert-model = { $title } перестала принимать заказы: последние закончились с кодом { $code }.
alert-model-over = { $title } снова работает.
alert-health = { $title } сейчас плохо работает в KIE: за последнее время удалось { $percent }% заданий.
alert-health-over = { $title } снова хорошо работает в KIE.
alert-unknown = { $count ->
    [one] { $count } заказ с неизвестным исходом ждёт вашего решения
    [few] { $count } заказа с неизвестным исходом ждут вашего решения
   *[many] { $count } заказов с неизвестным исходом ждут вашего решения
}
alert-unreadable = { $count ->
    [one] { $count } результат, который не удалось прочитать, ждёт вашего решения
    [few] { $count } результата, которые не удалось прочитать, ждут вашего решения
   *[many] { $count } результатов, которые не удалось прочитать, ждут вашего решения
}
alert-decide = Все показывает команда { $command }
