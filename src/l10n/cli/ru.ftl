# Русские слова командной строки. Ключи и аргументы те же, что в en.ftl: это проверяет сборка.

## What went wrong
error-line = ошибка: { $what }
cannot-read = { $what }: не прочесть: { $why }
cannot-write = { $what }: не записать: { $why }
cannot-use = { $what }: не подходит: { $why }
not-json = это не JSON: { $why }
standard-input = стандартный ввод
env-line = строка { $number } – не ИМЯ=ЗНАЧЕНИЕ (значения с пробелами берут в кавычки)
env-dollar = строка { $number }: знак $ в { $name } не обозначает никакой переменной; возьмите значение в одинарные кавычки
env-some-line = одна из строк – не ИМЯ=ЗНАЧЕНИЕ (значения с пробелами берут в кавычки)
env-value = одно из значений в нём не подходит
no-runtime = среда выполнения не запускается: { $why }
no-result-json = результат не записать как JSON: { $why }
setting-missing = не задано { $name }: { $name ->
    [TELEGRAM_BOT_TOKEN] токен бота от @BotFather; нужен для `run`
    [KIE_API_KEY] ключ с kie.ai, или несколько через запятую; нужен для `run` и команд, которые обращаются к KIE
    [PUBLIC_URL] адрес https, по которому сервер виден из интернета; нужен в режиме webhook
   *[other] { $meaning }
}
client-cannot-start = клиент KIE не запускается: { $why }
file-in-use = файл { $path } занят другим процессом kie-bot: файл SQLite служит одному процессу. Остановите другой или возьмите PostgreSQL, чтобы запускать несколько
other-bot = база данных принадлежит боту { $theirs }, а TELEGRAM_BOT_TOKEN — от бота { $ours }: дайте этому боту отдельную базу в DATABASE_URL или задайте ADOPT_DATABASE=on, если он должен забрать эту
program-broke = сломалась часть программы: { $why }
no-such-type = нет типа `{ $name }`; есть типы { $all }
no-such-provider = нет разработчика `{ $name }`; есть { $all }
model-needed = нужна модель

## What KIE or the way to it answered
call-api = KIE ответил кодом { $code }: { $message }
call-ip-refused = KIE ответил кодом { $code }: { $message } (у ключа есть список IP-адресов, с которых он работает: см. ключи на kie.ai)
call-key-limit = KIE ответил кодом { $code }: { $message } (у ключа есть собственный лимит: см. ключи на kie.ai)
call-blocked = защита сети (CDN) перед KIE отклонила запрос (HTTP-статус { $status }): до KIE он не дошёл, и дело не в ключе
call-http = пришёл ответ HTTP { $status } без чего-либо полезного
call-no-file = хранилище файла ответило HTTP { $status }
call-not-live = модель { $model } больше не предлагается
call-not-live-nearest = модель { $model } больше не предлагается; ближе всего к ней { $nearest }
call-needs-webhook = { $model } отдаёт результат только вебхуком, а адреса для него нет
call-connect = нет соединения с { $host }: { $why }
call-network = соединение с { $host } оборвалось: { $why }
call-timeout = { $what ->
    [nothing-more] { $host }: за { $seconds } с больше ничего не пришло
    [not-everything] { $host }: за { $seconds } с пришло не всё
   *[other] { $host }: за { $seconds } с нет ответа
}
call-unknown-task = KIE не знает такой задачи
call-reply = ответ KIE не разобрать: { $why }
call-too-large = файл больше { $limit } байт
call-url = это не ссылка http или https
call-private-host = { $host } — не публичный адрес
call-model = это не имя модели
call-cannot-read = не прочесть { $path }: { $why }
call-cannot-write = не записать { $path }: { $why }

## Words of the registry
status = { $status ->
    [live] доступна
    [troubled] сбоит
    [retired] снята
    [removed] удалена
    [suspect] под вопросом
   *[other] { $status }
}
output = { $output ->
    [image] картинка
    [video] видео
    [audio] звук
    [text] текст
    [mixed] разное
   *[other] { $output }
}
media = { $kind ->
    [image] картинка
    [video] видео
    [audio] аудио
    [document] документ
   *[other] { $kind }
}
task-state = { $state ->
    [waiting] ждёт
    [queuing] в очереди
    [generating] в работе
    [success] готова
    [fail] не удалась
   *[other] { $state }
}

## Heads of columns
head-id = ИМЯ
head-title = НАЗВАНИЕ
head-type = ТИП
head-provider = РАЗРАБОТЧИК
head-credits = КРЕДИТЫ
head-status = СТАТУС
head-field = ПОЛЕ
head-limits = ТИП И ПРЕДЕЛЫ
head-default = ЕСЛИ НЕ ЗАДАНО
head-what = ЧТО ЭТО
head-model = МОДЕЛЬ
head-state = СОСТОЯНИЕ
head-seconds = СЕКУНДЫ
head-error = ОШИБКА
head-key = КЛЮЧ
head-action = ДЕЙСТВИЕ
head-total = ВСЕГО
head-change = РАСХОЖДЕНИЕ
head-registry = РЕЕСТР
head-vendor = ПОСТАВЩИК
head-job = ЗАДАНИЕ
head-user = ЧЕЛОВЕК
head-age = ВОЗРАСТ
head-why = ПОЧЕМУ
head-day = ДЕНЬ
head-held = ОТЛОЖЕНО
head-open = НЕ ЗАКРЫТО
head-captured = СПИСАНО
head-released = ВОЗВРАЩЕНО
head-cost = ВЗЯЛ KIE
head-difference = РАЗНИЦА
head-received = ПОЛУЧЕНО
head-given = ПОДАРЕНО
head-revenue = ВЫРУЧКА
head-owed = ДОЛГ ЛЮДЯМ
head-only = ТОЛЬКО ДЛЯ
head-denied = ЗАПРЕЩЕНО
head-price = ЦЕНА
head-markup = НАЦЕНКА

## models
models-counted = моделей: { $shown } из { $all }

## show
fact-provider = разработчик
fact-type = тип
fact-result = результат
fact-status = статус
fact-credits = кредиты
fact-priced = цена на
fact-discount = скидка
fact-aliases = другие имена
fact-name = это имя
fact-health = сейчас
health = в последнее время удаётся { $percent }% задач
health-poor = плохо: в последнее время удаётся только { $percent }% задач
fact-webhook = вебхук
fact-nearest = замена
fact-next = дальше
name-implies = { $name }: { $values }, если не задано другое
required-star = * обязательно
part-rules = ПРАВИЛА
part-price = ЦЕНА
part-example = ПРИМЕР
ends-soon = { $words } [скоро уберут]

## Kinds and limits of a field
kind-text = текст
kind-text-span = текст { $min }-{ $max }
kind-text-from = текст от { $min }
kind-like = как { $example }
kind-cjk = до { $max } по-китайски, по-японски или по-корейски
kind-integer = целое
kind-number = число
kind-above = число больше { $min }
kind-step = с шагом { $step }
kind-also = также { $values }
kind-by-name = также по названию
kind-except = кроме { $values }
kind-task = номер прежней задачи
kind-task-result = номер того, что сделала прежняя задача
kind-group = группа
kind-items = { $count } × { $item }
kind-or = или
limit-together = вместе до { $seconds } с
limit-size = до { $mb } МБ
limit-seconds = { $span } с
limit-ratio = ширина к высоте { $span }
limit-side = сторона { $span } px
limit-short-side = короткая сторона { $span } px
limit-long-side = длинная сторона { $span } px
limit-total = всего { $span } px
limit-fps = { $span } кадров в секунду
limit-schemes = также ссылки { $schemes }
span-from = от { $min }
span-to = до { $max }

## Conditions of a price
when-is = { $field } = { $values }
when-is-not = { $field } – не { $values }
when-present = с { $field }
when-absent = без { $field }
when-items = { $count } × { $field }
when-otherwise = иначе

## Prices
price-per = { $price } за { $unit }
price-for = { $price } за { $unit }
price-none = неизвестно
price-unknown = цена неизвестна
price-span = { $low }-{ $high }
price-not-covered = для этих значений цены нет
price-by-file = цена зависит от файла в { $field }
price-by-number = цена зависит от { $field }, а это решает модель
at-most = максимум { $price }
cell-no-price = нет цены
cell-by-file = по файлу
cell-by-number = по { $field }
why-unknown = цена поставщика неизвестна
why-not-covered = в прейскуранте поставщика нет цены для этих значений
why-file = цена зависит от файла в `{ $field }`, а о нём известно слишком мало
why-number = цена зависит от `{ $field }`, а это решает модель
measure-files = { $why }; файлы с диска измеряет `generate --dry-run --media`
from-example = взято из примера в реестре: { $fields }
more-rows = ещё { $count } – с --json
priced-per = цена за { $unit }, на { $day }
name-stands-for = { $name } значит { $values }
discount-until = до { $day }
discount-until-then = до { $day }, потом { $price }
discount-ended = кончилась { $day }
discount-open = срок не назван; без неё { $price }
discount-note = скидка поставщика: { $words }; показаны цены без неё
options-left-out = сочетаний слишком много: { $fields } тоже меняет цену, а здесь взято из примера
note-seconds = по секундам { $field }
note-seconds-most = по секундам { $field }, не больше { $most }
note-minutes = по минутам { $field }
note-megapixels = по мегапикселям { $field }
note-characters = по знакам { $field }, с шагом { $step }
note-outputs = по файлам результата; сколько их, решает модель, не больше { $most }
note-tokens = по токенам, по оценке не больше { $tokens } на каждый знак { $fields } и ещё { $more }
note-extra-units = сверх этого { $price } за { $unit }:
note-extra = ещё { $price } за каждый пункт { $field }
note-extra-after = { $free ->
    [1] ещё { $price } за каждый пункт { $field } после первого
   *[other] ещё { $price } за каждый пункт { $field } после первых { $free }
}
note-ceilings = это потолок: поставщик может взять меньше
option-given = есть
option-given-many = есть { $count }
option-another = другое

## generate
over-unknown = `{ $model }`: { $why }, поэтому за --max-credits { $most } поручиться нельзя; ничего не отправлено
over-budget = `{ $model }`: { $price }, это больше, чем --max-credits { $most }; ничего не отправлено
dry-run = { $model }: { $price }; ничего не отправлено и не загружено
dry-run-links = ссылки на upload.invalid стоят вместо файлов, которые сначала были бы загружены
no-file = { $path } – не файл
one-file = `{ $field }` у { $model } берёт один файл
no-file-field = `{ $field }` у { $model } – не поле для файла; файлов она не берёт
other-file-fields = `{ $field }` у { $model } – не поле для файла; файлы кладут в { $all }
not-uploaded = { $what }: не загружено: { $why }
progress-sending = отправляю
progress-usual = обычно { $seconds } с
task-line = задача { $task }
interrupted-before = прервано, ничего не отправлено
interrupted-sending = прервано, пока задача отправлялась
interrupted-running = прервано; задача { $task } идёт дальше. Продолжить: { $line }
interrupted-saving = прервано, пока сохранялись файлы; ещё раз: { $line } --out DIR
may-finish = задача ещё может завершиться, тогда спишутся кредиты; продолжить: { $line }
# $task, $line
result-unreadable = KIE сообщает, что задание { $task } выполнено, но в его ответе нет результата, который можно прочитать (ответ — в `record`); кредиты могли быть списаны. Результат может появиться позже; посмотреть ещё раз: { $line }
next-command = дальше ({ $label }): { $line }
create-lost = ответ на отправку потерян: задача, возможно, идёт и будет оплачена; сама она ещё раз не отправляется;
create-lost-look = найдите её в журнале на kie.ai и продолжите: kie-bot task ID --wait
try-again = ничего не принято и не списано; можно попробовать ещё раз
try-again-in = ничего не принято и не списано; можно попробовать ещё раз через { $seconds } с

## Files
saved = сохранено: { $path } ({ $size })
not-saved = { $url }: не сохранено: { $why }
size-bytes = { $count ->
    [one] { $count } байт
    [few] { $count } байта
   *[many] { $count } байт
}
size-kb = { $count } кБ
size-mb = { $count } МБ

## task
task-sought = KIE ещё не знает задачу { $task }; ищу её { $seconds } с
task-is = задача { $task }: { $state }; дождаться: { $line }
task-unknown = KIE не знает задачи { $task } ни по одному из ключей (записи хранятся два месяца)
task-silent = о задаче { $task } не узнать: { $why }

## upload
uploaded = { $count ->
    [one] загружен { $count } файл ({ $size }); KIE хранит его { $hours } ч
    [few] загружено { $count } файла ({ $size }); KIE хранит их { $hours } ч
   *[many] загружено { $count } файлов ({ $size }); KIE хранит их { $hours } ч
}
no-link = { $given } – не ссылка: { $why }
no-source = { $given } – не файл и не ссылка http(s)
too-large-base64 = { $given } больше, чем { $limit }; уберите --base64

## credits
credits-total = Всего: { $total } (ключи одного аккаунта показывают одни и те же кредиты)
no-key-answered = ни по одному ключу ответа нет

## sanity
live-needs-limit = --live тратит кредиты: укажите, сколько самое большее, через --max-credits N
sanity-interrupted = прервано; та же команда продолжит с этого места ({ $path })
sanity-none = моделей такого типа не предлагается
sanity-over = это может стоить { $price }, больше, чем --max-credits { $most }; ничего не отправлено
sanity-unpriced = неизвестна цена: { $models }; --allow-unknown-price пробует их всё равно; ничего не отправлено
sanity-not-known = неизвестно
action-send = отправить
action-wait = дождаться
action-keep = уже сделано
action-doubt = под вопросом
sanity-total = Всего: максимум { $price }.
sanity-total-unknown = { $count ->
    [one] Всего: максимум { $price } и ещё { $count } модель без известной цены.
    [few] Всего: максимум { $price } и ещё { $count } модели без известной цены.
   *[many] Всего: максимум { $price } и ещё { $count } моделей без известной цены.
}
sanity-spend = Ничего не отправлено; потратить их: `--live --max-credits { $most }`.
sanity-earlier = { $count ->
    [one] { $count } из прежних запусков; --fresh попробует снова и снова заплатит
   *[other] { $count } из прежних запусков; --fresh попробует их снова и снова заплатит
}
sanity-passed = прошло моделей: { $passed } из { $all }; потрачено: { $price }
sanity-passed-skipped = прошло моделей: { $passed } из { $all }, пропущено: { $skipped }; потрачено: { $price }
row-state = { $state ->
    [succeeded] получилось
    [skipped] пропущена
    [failed] не удалось
    [not_submitted] не отправлена
    [still_running] ещё идёт
    [unknown] неизвестно
    [unreadable] результат не прочитан
   *[other] { $state }
}
another-model = другой модели
needs-task = нужна готовая задача { $of }; сначала её попробует --model
example-fails = пример из реестра не проходит: { $why }
limit-not-sure = цена неизвестна, и ничто не говорит, что --max-credits хватит
limit-used-up = в пределах --max-credits больше не осталось: { $price }
it-cannot-be-written = его не записать: { $why }
journal-fails = журнал не записать ({ $why }); задача { $model }: { $task }
journal-doubt = ответ на прежнюю отправку потерян: задача, возможно, прошла и оплачена; --fresh отправит её ещё раз
journal-in-use = им занят другой запуск (--state FILE называет другой файл)
no-journal = { $path } – не журнал проверок (--state FILE называет другой файл)
journal-line-broken = { $path }: строка { $number } испорчена и пропущена

## registry
all-models = все модели
counted-under-each = модель с несколькими типами сосчитана под каждым из них и один раз – среди всех моделей
vendor-lists-nothing = у поставщика в списке нет ни одной модели; сравнивать нечего
asking-vendor = спрашиваю поставщика о моделях: { $count }
asking-progress = моделей: { $at } из { $all }  { $time }, осталось { $left }
vendor-does-not-know = поставщик её не знает
no-schema-of = нет схемы `{ $model }`: { $why }
list-unreadable = список поставщика не прочесть: { $why }
no-model-list = в { $path } нет списка моделей
no-model-anywhere = модели `{ $model }` нет ни в реестре, ни у поставщика
no-report = { $path } – не отчёт `registry check --json`
schema-missing = { $model }: поставщик ещё не сделал схему, поэтому поля не сравнивались
compared-nothing = Ничего не сравнивалось.
no-drift = Расхождений нет: всё, что сравнивалось, – как у поставщика.
drift = { $change ->
    [model_gone] модель исчезла
    [model_new] новая модель
    [model_back] модель вернулась
    [route_changed] другой путь
    [field_added] новое поле
    [field_removed] поля нет
    [required_changed] обязательность
    [type_changed] другой тип
    [enum_changed] другие значения
    [limit_changed] другой предел
    [limit_removed] предела нет
    [default_changed] другое умолчание
    [price_changed] другая цена
    [feed_price_changed] другая цена в ленте
   *[other] { $phrase }
}
count-differences = { $count ->
    [one] { $count } расхождение
    [few] { $count } расхождения
   *[many] { $count } расхождений
}
count-models = сравнено моделей: { $count }
count-prices = сравнено цен: { $count }
count-known = пропущено известных расхождений: { $count }
count-unread = не прочитано моделей: { $count }
prices-unclear = цен, которые не сравнить: { $count }
limits-unstated = пределов реестра, которых нет в схемах поставщика и которые не сравнивались: { $count }
fields-not-asked = { $count ->
    [one] поля { $count } модели не сравнивались, потому что её схема не запрошена: нужен --deep или имя модели
   *[other] поля { $count } моделей не сравнивались, потому что их схемы не запрошены: нужен --deep или имена моделей
}
no-price-feed = ленту цен поставщика не использовать, поэтому цены сравнены только с его текстами: { $why }
prices-nameless = цен в ленте поставщика без имени модели, ни с чем не сравнённых: { $count } из { $all }
no-announcements = объявления поставщика не использовать: { $why }
announcements-newest = новейшие объявления поставщика:
file-too-large = он больше { $size }
file-web-page = это веб-страница, а не JSON
file-truncated = он обрывается раньше конца: { $why }
watch-recorded = записано в { $path }, дальше показывается только новое. Расхождений: { $drift }, цен: { $prices }, объявлений: { $announcements }
watch-nothing = ничего нового
watch-announcement = объявление: { $title }
watch-price-new = новая цена: { $what }: { $amount }
watch-price-gone = цены больше нет: { $what }: { $amount }
watch-price-changed = цена: { $what }: { $before } -> { $now }
watch-state-unusable = { $path } не годится как память `registry watch`: { $why }. Уберите его, и следующий запуск начнёт заново (--state FILE называет другой файл)
watch-state-version = у него версия { $version }, которую эта программа не читает
watch-state-other = это что-то другое
side-required = обязательно
side-optional = не обязательно
side-live = доступна
side-not-listed = нет в списке
side-listed = есть в списке
side-task = задача
side-has = есть
side-credits = кредиты: { $amounts }
side-only = только здесь: { $values }
no-answers = ответов в нём нет: ни `list` с моделями, ни `schemas`
entry-unknown = о `{ $model }` ответа нет
entry-no-schema = поставщик ещё не сделал схему `{ $model }`
entry-elsewhere = `{ $model }` не создаёт задач: её вызывают через { $route }
entry-unclear = схему `{ $model }` не прочесть: { $why }
entry-id = `{ $model }` не может быть именем в реестре: не больше 48 букв, цифр и `-_./:`
import-hint = Вставьте это под `models:` в models/kie_models.yaml, и `cargo build` скажет, чего не хватает.

## jobs
jobs-none = таких заданий нет
job-newer = создано более новой версией программы
age-minutes = { $count } мин
age-hours = { $count } ч
job-not-unknown = задание { $job }: состояние { $state }, а решения ждут только задания в состоянии unknown или unreadable
job-none = нет задания { $job }; список даёт `kie-bot jobs`
job-reread = о задании { $job } запущенный бот спросит KIE ещё раз
job-again = задание { $job } отправит ещё раз запущенный бот
job-given-up = задание { $job } закрыто; отложенное на него свободно
person-told = человеку сказано
person-not-told = человеку не сказано: { $why }
telegram-silent = Telegram не ответил вовремя

## ledger
ledger-none = за эти дни записей нет
ledger-money = Деньги людей:
ledger-wrong-wallet = кошелёк { $wallet }: движения дают { $booked }, а в нём { $stored } (свободно + отложено)
ledger-wrong-payment = платёж { $payment }: движения дают { $booked }, а записано { $stored } (зачислено - забрано)
ledger-owed = у людей { $available } и { $held } отложено под заказы, всего { $wallets ->
    [one] { $wallets } кошелёк
    [few] { $wallets } кошелька
   *[many] { $wallets } кошельков
}
ledger-mistake = { $mistake ->
    [no_hold] у задания есть цена, а ничего не отложено
    [not_the_price] отложена не цена задания
    [nothing_held] списано или возвращено, а ничего не отложено
    [closed_twice] и списано, и возвращено
    [not_the_hold] списано или возвращено не то, что отложено
    [left_open] задание закончилось, а отложенное не списано и не возвращено
    [closed_early] задание не закончилось, а отложенное уже списано или возвращено
    [closed_wrong] возвращено при готовом результате или списано за отменённое задание
    [money_not_the_price] отложены не те деньги, что цена задания
    [money_overdrawn] списано и возвращено больше денег, чем отложено
    [money_left_open] задание закончилось, а деньги за него ещё отложены
    [money_closed_early] задание не закончилось, а деньги за него уже списаны или возвращены
    [money_without_result] результата нет, а деньги за него списаны
   *[other] { $mistake }
}
ledger-not-captured = заметка: KIE взял кредиты, а никто не заплатил, за { $count ->
    [one] { $count } задание
    [few] { $count } задания
   *[many] { $count } заданий
}: { $jobs }
ledger-no-cost = заметка: KIE не сказал, сколько взял за { $count ->
    [one] { $count } оплаченное задание
    [few] { $count } оплаченных задания
   *[many] { $count } оплаченных заданий
}: { $jobs }
ledger-newer = заметка: сверены только суммы, потому что версия программы новее, у { $count ->
    [one] { $count } задания
   *[other] { $count } заданий
}
ledger-agrees = книги сходятся: { $jobs ->
    [one] { $jobs } задание
    [few] { $jobs } задания
   *[many] { $jobs } заданий
}
ledger-disagrees = книги не сходятся: { $count ->
    [one] { $count } ошибка
    [few] { $count } ошибки
   *[many] { $count } ошибок
}, всего { $jobs ->
    [one] { $jobs } задание
    [few] { $jobs } задания
   *[many] { $jobs } заданий
}

## admin
head-name = ИМЯ
head-user-name = ИМЯ ПОЛЬЗОВАТЕЛЯ
head-seen = БЫЛ(А)
head-actor = КТО
head-about = О ЧЁМ
head-before = БЫЛО
head-after = СТАЛО
people-none = никого так не зовут
person-none = бот не знает никого по имени или номеру `{ $text }`: нужен номер, @имя или начало имени
person-several = так зовут нескольких человек, `{ $text }`, укажите номер: { $people }
person-balance = Баланс: { $available }, отложено на заказы: { $held }
gift-bad-amount = AMOUNT — число не больше чем с двумя знаками после точки, не 0; получено `{ $given }`
gift-short = у человека { $user } меньше денег: ничего не списано
purse-balance = Касса группы { $group }: { $available }, и ещё { $held } отложено на заказы
purse-short = в кассе группы { $group } меньше денег: ничего не возвращено
gift-known = подарок с таким ключом уже проведён: больше ничего не проведено
limit-unreadable = `{ $part }` — не лимит: нужно running=N, starts=N, order=N, day=N или month=N, где вместо N может стоять `off` или `default`; или одно слово `default`
block-owner = примечание: при ACCESS=owner и так впускают только администраторов
head-code = КОД
head-amount = СУММА
head-used = ИСПОЛЬЗОВАН
head-until = ДО
promo-none = промокодов нет
promo-open = действует
promo-used-up = закончился
promo-ended = истёк
promo-stopped = остановлен
promo-known = промокод `{ $code }` уже есть, а то, что он даёт, не меняется
promo-unknown = промокода `{ $code }` нет
promo-stopped-before = промокод `{ $code }` уже остановлен
promo-empty = такой промокод ничего не дал бы: срок должен кончаться в будущем
head-language = ЯЗЫК
head-text = ТЕКСТ
head-number = НОМЕР
head-told = ПОЛУЧИЛИ
head-unreachable = ЗАБЛОКИРОВАЛИ БОТА
head-failed = СБОИ
announcement-none = объявлений ещё не было
announcement-draft = черновик
announcement-sending = отправляется
announcement-done = отправлено
announcement-stopped = остановлено
announcement-all-others = остальные
announcement-people = { $count ->
    [one] объявление получил бы { $count } человек
    [few] объявление получили бы { $count } человека
   *[many] объявление получили бы { $count } человек
}
announcement-unknown = объявления { $number } нет
announcement-too-late = объявление { $number } уже закончено
announcement-empty = текст{ $language } пуст
announcement-too-long = в тексте{ $language } { $length } знаков, а в сообщении Telegram — не больше { $most }
announcement-repeated = два текста на одном языке: { $language }
audit-none = администраторы пока ничего не делали

## forget
forget-bad-user = USER – номер человека в Telegram, например 5000001, а дано `{ $given }`
forget-needs-yes = спросить не у кого: это не терминал. Чтобы стереть без вопроса, добавьте --yes
forget-question = Всё, что человек { $user } написал, заказал и получил, будет стёрто навсегда; уплаченное останется без имени. Чтобы продолжить, введите yes:
forget-not-confirmed = ничего не стёрто
forget-owner = человек { $user } – владелец бота, другого у бота нет
forget-open-jobs = у человека { $user } есть незакрытые задания: дождитесь тех, что в работе, а о заданиях в состоянии unknown или unreadable решите командами `kie-bot jobs retry` или `refund`; --give-up-results стирает и задания в состоянии undeliverable
forget-money = у человека { $user } на балансе { $balance }: сначала верните или заберите эти деньги
forget-open-refund = человеку { $user } возвращается платёж: сначала закончите это командой `kie-bot payments refund`
forget-subscription = у человека { $user } есть подписка, которая может продлиться: сначала отмените её командой `kie-bot payments unsubscribe { $user }`
head-paid = ОПЛАЧЕНО
head-credited = ЗАЧИСЛЕНО
head-refund = ВОЗВРАТ
head-payment = ПЛАТЁЖ
payments-none = платежей ещё не было
payments-not-subscribed = у человека { $user } нет подписки, которая продлится
payments-unsubscribed = отменена; оплаченное закончится { $until }
ready-no-server = не заданы ни HTTP_ADDR, ни PORT, поэтому у бота нет сервера, который можно спросить
ready-silent = по адресу { $address } никто не отвечает: { $why }
statement-none = движений ещё не было
head-available = СВОБОДНО
head-kind = ВИД
head-note = ПОМЕТКА
requests-policy = примечание: просить доступа можно только при ACCESS=list
requests-none = никто не просит доступа
request-none = открытого запроса от { $user } нет
request-untold = примечание: человеку об этом не сообщено; бот впустит его, когда он напишет
job-redelivered = задание { $job }: работающий бот отправит результат ещё раз
job-not-undeliverable = задание { $job } в состоянии `{ $state }`: ещё раз отправляется результат только из `undeliverable`
payment-refund-asked = запрошен
payment-refund-done = { $day } ({ $taken })
payment-unknown = платежа `{ $payment }` нет
payment-refunded-before = платёж уже возвращён
payment-erased = плательщик стёрт, а без его номера Telegram ничего не возвращает
payment-spent = ничего не возвращено: за платёж зачислено { $amount }, а осталось { $available }; разницу можно сначала подарить командой `kie-bot admin gift`
payment-refund-refused = Telegram не возвращает платёж, баланс прежний: { $why }
payment-refund-unanswered = Telegram не ответил: { $why }. Зачисленное снято с баланса; та же команда продолжит, дважды ничего не вернётся
forget-nothing = о человеке { $user } ничего не хранится
forget-done = человек { $user } забыт: { $jobs ->
    [one] { $jobs } задание
    [few] { $jobs } задания
   *[other] { $jobs } заданий
}, { $drafts ->
    [one] { $drafts } незаконченная форма
    [few] { $drafts } незаконченные формы
   *[other] { $drafts } незаконченных форм
}

## admin models
rule-none = правил для моделей нет
rule-on = включена
rule-off = отключена
rule-unknown = нет в реестре
rule-nearest = { $text }; может быть, `{ $nearest }`?
rule-no-field = у `{ $model }` нет поля `{ $field }`
rule-no-values = у `{ $field }` нет значений на выбор
rule-no-value = у `{ $field }` нет значения `{ $value }`
rule-no-value-of = у `{ $field }` нет значения `{ $value }`, есть { $values }
rule-priced = цена { $model } у KIE известна: укажите --price или --markup
rule-nothing-left = у `{ $field }` не осталось бы значений
rule-busy = это правило сейчас меняют другие: попробуйте ещё раз

## demo
demo-no-room = для базы демонстрации нет места: { $why }
demo-no-folder = нет папки для картинки: { $why }
demo-no-start = демонстрация не запускается: { $why }
demo-broke-off = разговор оборвался: { $why }
demo-no-stop = бот остановился не чисто: { $why }
demo-ended = бот завершился: { $why }
demo-saved = картинка сохранена: { $path }
demo-open = Откройте { $url } и поговорите с ботом. Ctrl-C завершает демонстрацию.
demo-free = Здесь ничего не стоит денег: KIE и Telegram имитируются на этой машине.
demo-trouble = Слова в запросе вызывают неполадки: [fail], [empty], [late], [slow], [never], [lost].
demo-command-line = Имитацией KIE может пользоваться и командная строка:

## Webhooks
needs-webhook = { $model } отдаёт результат только вызовом от KIE на публичный адрес. Его может принять бот, если заданы PUBLIC_URL и KIE_WEBHOOK_KEY; командная строка – нет
webhook-need = { $need ->
    [required] нужен адрес (без PUBLIC_URL передаётся адрес, где никто не слушает)
    [result] приносит результат: только в боте, если заданы PUBLIC_URL и KIE_WEBHOOK_KEY
   *[optional] необязателен
}
