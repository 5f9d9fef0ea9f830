# English texts of the bot. Every key exists in every language with the same arguments.
#
# A message is a method (codegen/src/messages.rs). The comment above it sets the order of its parameters, needed for two or
# more, and marks numbers.

## Menus and commands
home = What shall we make?
home-hint = Pick a kind, then a model. The price is shown before anything is spent.
help =
    I make pictures, videos, music and speech with the models of KIE.ai.

    1. Pick a kind and a model.
    2. Fill in the form: press a field, then send text, a photo, a video, a voice message or a file.
    3. Check the price and press “Create”. The result comes here as a file.

    /start – menu
    /jobs – your last jobs
    /cancel – drop the form, or stop waiting
    /language – language
    /help – this text
language-choose = Choose a language.
language-set = I speak English now.
command-start = Menu
command-jobs = Last jobs
command-balance = Balance and statement
command-promo = Promo code
command-friends = Bring friends
command-purse = The purse of a group
command-fill = Fill the purse of a group
command-paysupport = Questions about payments
command-terms = Terms of sale
command-cancel = Drop the form or stop waiting
command-language = Language
command-help = How it works
command-admin = Admins: people, money, what was done
command-invite = Admins: invite people
command-invites = Admins: open invitations
command-requests = Admins: open requests for access
command-people = Admins: who was let in
command-allow = Admins: let in a person or this group
command-deny = Admins: deny a person or this group
unknown-command = I do not know { $command }. Here is what I can do:
unknown-text = Choose first what to make, then I will ask for the words.
unknown-content = I take text, photos, videos, audio, voice messages and files. This I cannot use.
media-without-form = Choose first what to make of it, then send the file again.
no-access = This bot is private. Ask its owner to let you in; your number is { $id }.
owner-set = You are the owner of this bot now. It works for you alone; with the setting ACCESS=list, /invite and ALLOWED_IDS let in others. /start shows the menu.
topic-closed = The topic is closed to me, so this comes here:
group-closed = I cannot write in the group, so this comes here:
others-form = This form belongs to somebody else. /start opens one of your own.
others-menu = This menu belongs to somebody else. /start opens one of your own.
others-job = Only the person who ordered it, or an admin of the chat, can do this.
reply-question = ✍️ Answer by replying to this message: { $field }
old-button = That menu is old. Here is a fresh one.
old-form = That form is no longer current. Here is the present one.
draft-unreadable = Your form was made by an older version of me and cannot be read. Please begin again.
updating = One moment, I am being updated. Please try again in a minute; your form is kept.
row-updating = One moment, I am being updated, and cannot read this yet. Please try again in a minute; it is kept.
job-stripped = That was long ago: what you ordered then, and what came of it, is not kept any more.
# $before, $now
price-changed = The price is another one now: { $now } instead of { $before }. Nothing was ordered; the button below orders at the new price.
# $count (Number)
quota-running = { $count ->
        [one] You have an order running, and one at a time is the most.
       *[other] You have { $count } orders running, and that is the most at a time.
    } Nothing was ordered; try again when one is done (/jobs).
# $count (Number), $wait
quota-starts = { $count ->
        [one] You can place one order a minute.
       *[other] You can place { $count } orders a minute.
    } Nothing was ordered; try again in { $wait }.
quota-order = An order may cost { $limit } at most. Nothing was ordered; pick a cheaper option or model.
quota-day = You can spend at most { $limit } in 24 hours, and this would be more. Nothing was ordered.
quota-month = You can spend at most { $limit } in 30 days, and this would be more. Nothing was ordered.
quota-total = I have spent all that I may in 24 hours. Nothing was ordered.
orders-paused = I cannot take new orders just now. Nothing was ordered and nothing was charged; what you filled in is kept, so just try again later.
# $price
free-used-up = You have no free orders left, and this costs { $price }. Nothing was ordered; the button below orders at that price.
price-free = free
# $count (Number)
free-left = { $count ->
        [one] free for you: { $count } order left
       *[other] free for you: { $count } orders left
    }
# $count (Number)
free-left-today = { $count ->
        [one] free for you: { $count } order left today
       *[other] free for you: { $count } orders left today
    }
balance-available = You have { $amount }
balance-held = { $amount } more is reserved for orders that are not finished.
balance-free = Nothing here costs you anything: whoever runs the bot pays.
balance-private-only = Your balance is nobody else's business: ask me in our private chat.
statement-title = Statement
statement-empty = Nothing has moved yet.
# $date, $amount, $why
statement-row = { $date } · { $amount } · { $why }
moved-hold = reserved for { $order }
moved-capture = paid from what was reserved: { $order }
moved-release = given back: { $order }
moved-free-hold = free order: { $order }
moved-free-capture = free order, delivered: { $order }
moved-free-release = free order that failed: { $order }
moved-payment = payment
moved-refund-reversal = payment not returned after all
moved-refund = payment returned
moved-gift = a gift
moved-take-back = taken back by the operator
moved-promo = promo code
moved-referral = for a friend you brought
moved-welcome = for coming by a friend's link
moved-fill-out = given to a group's purse
moved-fill-in = the purse was filled
moved-return-out = given back to a person
moved-return-in = given back from a group's purse
button-statement = Statement
button-top-up = Top up
packs-title = How much do you want to add?
# $amount, $stars (Number)
pack = { $amount } for { $stars ->
        [one] { $stars } Star
       *[other] { $stars } Stars
    }
invoice-title = Top-up
invoice-description = { $amount } on your balance in this bot. See /balance.
receipt = { $amount } received. Thank you! See /balance.
receipt-number = Receipt:
# $until
receipt-until = Your subscription is paid until { $until }.
# $amount, $stars (Number)
plan = { $amount } every 30 days for { $stars ->
        [one] { $stars } Star
       *[other] { $stars } Stars
    }
plan-offer = The first payment is due now, and Telegram takes the next ones by itself. What you get stays on your balance. Cancel at any time: /balance, or My Stars in Telegram's settings.
plan-title = Subscription
# $amount
plan-description = { $amount } on your balance in this bot every 30 days. Cancel at any time.
button-subscribe = Subscribe
button-cancel-subscription = Cancel subscription
button-allow-subscription = Allow it to go on
# $plan, $until
subscription-automatic = Subscription: { $plan }. Next payment on { $until }, unless you cancel it here or in Telegram's settings.
# $plan, $until
subscription-canceled = Subscription: { $plan }. It is canceled and ends on { $until }.
# $plan, $until
subscription-allowed = Subscription: { $plan }. It ends on { $until } unless you switch it on again: Telegram's settings, My Stars.
subscription-sure = Cancel it? What is on your balance stays yours.
subscription-unchanged = Telegram has not changed it. Try again later, or cancel it in Telegram's settings, My Stars.
# $contact
paysupport = Questions about a payment? Write to { $contact } and name the number of the receipt.
paysupport-none = Nothing is sold here, so there are no payments to ask about.
# $terms
terms = Terms of sale: { $terms }
terms-default =
    What you buy is put on your balance at once, and pays for orders here.

    An order is charged when its result has come; one that fails costs nothing.

    A payment that you have not spent can be given back: /paysupport says whom to ask. Telegram does not answer for purchases here.
# $total, $taken, $left
payment-refunded = Your payment of { $total } Stars was given back. { $taken } were taken from your balance; { $left } are left.
# $payment
payment-stray = Your payment { $payment } has come, but I could not put it on your balance. It is not lost: whoever runs the bot is told.
# $person, $total, $payment
payment-stray-admin = A payment came that has no open invoice or could not be stored, so nothing was credited: { $total } Stars of { $person }, number { $payment }. Give them the amount, or give the Stars back.
checkout-not-sold = Nothing is sold to you here just now.
checkout-expired = This invoice is no longer valid. Send /balance for a new one.
checkout-others = This invoice was made for somebody else. Send me /balance for one of your own.
checkout-paid = This invoice is already paid. Send /balance to add more.
checkout-subscribed = You have a subscription already. Send /balance to see it.
payer-purse = the group pays (purse: { $amount })
payer-person = you pay
purse-available = The group's purse: { $amount }
purse-hint = While it has enough, it pays for what is ordered here; else whoever orders pays. Admins of the group fill it from their own balance: /fill 50
purse-group-only = A purse belongs to a group: ask me there. What you have yourself: /balance
purse-admins-only = Only admins of this group can fill its purse: it is filled from their own balance.
purse-usage = Write how much of your balance goes to the group's purse: /fill 50
purse-balance-short = Your balance is smaller than { $amount }, so the purse was not filled. What you have: /balance in our private chat.
purse-filled = { $amount } went from your balance to the group's purse.
# $available, $price
purse-short = The group's purse has only { $available } left, and this costs { $price }. Nothing was ordered; if you order now, you pay yourself.
promo-ask = Send me the promo code.
promo-hint = Promo code
promo-private-only = A promo code is nobody else's business: send it to me in our private chat.
# $amount, $code
promo-given = { $amount } are on your balance now, by the promo code { $code }.
promo-not-charged = Nothing here costs you anything, so a promo code has nothing to give.
promo-unknown = I know no such promo code. It has 4 to 32 Latin letters and digits; perhaps there is a slip.
promo-ended = This promo code has ended.
promo-used-up = This promo code is used up: others were faster.
promo-used-before = You have used this promo code before: it works once.
promo-too-many = You have sent too many wrong codes. Try again in an hour.
friends-title = Your link for friends
friends-inviter = When a friend who came by it pays for their first order, you get { $amount }.
friends-friend = A friend who came by it gets { $amount } after their first paid order.
# $came (Number), $paid (Number), $earned
friends-count = Came by it: { $came } · have paid: { $paid } · you have got: { $earned }
friends-private-only = Your link for friends is in our private chat: send me /friends there.
friends-own-link = This is your own link: send it to a friend.
friends-came = You came by a friend's link: after your first paid order you get { $amount }.
reward-inviter = A friend who came by your link has paid for an order: { $amount } are on your balance now. Thank you!
reward-friend = You came by a friend's link and have paid for your first order: { $amount } are on your balance now.
button-share = Send it to a friend
button-older = Older
# $available, $price
unfunded = You have { $available }, and this costs { $price }. Nothing was ordered; see /balance.
quota-again = Try again in { $wait }, or pick something cheaper.
quota-cheaper = Pick a cheaper option or model.
broken = Something went wrong on my side. Nothing was ordered. Please try again in a moment.
set-aside = I could not handle one thing that you sent or pressed, though I tried several times. I have put it aside, and everything else goes on. If it was an order, see in /jobs whether it is there before you order again.
nothing-to-cancel = There is nothing to cancel.
draft-dropped = The form is dropped. Nothing was spent.
job-taken-back = { $title }: taken back before it was sent. Nothing was spent.
job-detached = { $title }: I will not report on it any more. The vendor has it and cannot stop it, so the credits are spent; the result will still come, and stays in /jobs.

## Who may use the bot
access-asked = Your request for access is stored. I will write to you when it is decided.
access-refused = Your request for access was declined.
access-granted = You may use this bot now. Welcome!
invite-ended = This invitation has ended or is used up. Please ask for a new one.
admins-only = Only an admin of this bot can do that.
admin-private-only = Please send me that in our private chat.
admin-always-in = That is an admin of the bot, who may always use it.
access-needs-list = Now the bot works for its admins alone (ACCESS=owner). Others can be let in with the setting ACCESS=list.
access-is-open = Everybody may use this bot (ACCESS=open), so nobody needs an invitation or asks for access. /deny shuts out a person or a group.
# $people (Number), $days (Number)
invite-usage = Write /invite, or with how many people (1 to { $people }) and for how many days (1 to { $days }): /invite 5 30
# $count (Number), $day
invite-made = { $count ->
    [one] An invitation for one person, until { $day }. Whoever opens the link first is let in:
   *[other] An invitation for { $count } people, until { $day }. Whoever opens the link is let in:
}
# $count (Number), $day
invite-left = { $count ->
    [one] { $count } person left, until { $day }
   *[other] { $count } people left, until { $day }
}
invites-title = Open invitations
invites-none = No invitation is open. /invite makes one.
invites-more = There are older ones, which are shown when these have ended.
invite-withdrawn = The invitation is withdrawn.
request-title = 🙋 A request for access
# $name, $by
request-allowed = ✅ { $name } is let in, by { $by }.
# $name, $by
request-refused = 🚫 { $name } is not let in, by { $by }.
requests-title = Open requests for access
requests-none = No request is open.
requests-more = There are later ones, which are shown when these are decided.
party-name = Name: { $name }
party-user-name = User name: @{ $name }
party-number = Number: { $id }
party-allowed = { $id } may use the bot now. /deny { $id } takes it back.
party-denied = { $id } may not use the bot any more. /allow { $id } takes it back.
party-removed = { $id } is removed from the list.
group-allowed = Everybody here may use the bot in this group now. /deny takes it back.
group-denied = The bot does not work in this group any more. /allow takes it back.
allow-usage = Write /allow or /deny with the number of a person or a group, e.g. /allow 123456789; in a group without a number.
people-title = Who may use the bot
people-settings = By the settings (ALLOWED_IDS): { $list }
people-none = Nobody was let in or denied by an admin or an invitation.
# $how, $day, $admin
people-how = { $how ->
    [invite] ✅ Since { $day }, by an invitation of { $admin }
    [request] ✅ Since { $day }, asked and was let in by { $admin }
    [denied] 🚫 Denied since { $day }, by { $admin }
   *[admin] ✅ Since { $day }, let in by { $admin }
}

## For admins of the bot
button-admin = ‹ Admin
button-block = 🚫 Block
button-unblock = ✅ Unblock
button-copy-gift = Copy: gift
button-copy-limit = Copy: limits
admin-title = 🛠 Admin
admin-hint = To find a person, write /admin and a number, an @name or the beginning of a name: /admin anna
admin-entry-people = 👥 People
button-send-again = 🔁 Send again
button-reread = 🔁 Read again
button-give-up = Give up
button-redeliver = 📨 Deliver again
admin-entry-jobs = 🗂 Jobs
admin-entry-keys = 🔑 Keys
admin-jobs-hint = To see another job, write /admin and its id or the id of its task.
admin-jobs-none-wait = None waits for a decision.
# $number
admin-jobs-wait = Waiting for a decision: { $number }
# $id
admin-job-id = Job: { $id }
# $id
admin-job-task = Task: { $id }
# $key
admin-job-key = Key: { $key }
# $user, $chat
admin-job-person = Person: { $user }, chat: { $chat }
# $price
admin-job-price = Price: { $price }
# $ordered, $moved
admin-job-times = Ordered { $ordered }, last move { $moved }
admin-job-again = It is sent again; KIE may bill it twice.
admin-job-reread = KIE is asked for the result again, which costs nothing.
admin-job-given-up = It is given up; what was held is free, and the person is told.
admin-job-redelivered = The result is sent to the chat again.
# $code
admin-key-silent = no answer ({ $code })
admin-entry-requests = 🙋 Requests
admin-entry-audit = 📒 What was done
admin-entry-payments = 💫 Payments
admin-payments-none = No payment has come yet.
admin-payments-hint = The newest payments in Telegram Stars. A tap shows one, and gives it back.
# $amount
admin-payment-credited = Credited: { $amount }
admin-payment-asked = Telegram was asked to give it back, and has not answered. “Give back” asks again; nothing is given back twice.
# $day
admin-payment-done = Given back on { $day }.
admin-payment-sure = Give all its Stars back? What was credited is taken from the balance.
admin-payment-given-back = Given back.
admin-payment-unknown = There is no such payment.
admin-payment-before = It was given back before.
admin-payment-erased = Whoever has paid was erased, and Telegram gives nothing back without their number.
# $amount, $left
admin-payment-spent = Nothing was given back: { $amount } were credited, and only { $left } are left.
# $why
admin-payment-refused = Telegram does not give it back, and the balance is as it was: { $why }
# $why
admin-payment-unanswered = Telegram has not answered ({ $why }). What was credited is off the balance; “Give back” goes on.
button-refund = ↩️ Give back
button-refund-now = ↩️ Yes, give back
admin-subscription-canceled = The subscription is canceled: no payment follows.
# $why
admin-subscription-unchanged = Telegram has not canceled it: { $why }
button-person = 👤 Person
admin-entry-announcements = 📣 Announcements
announcement-hint =
    To tell all people something, send me: /admin announce TEXT. You see it first, with a button that sends it.

    Texts in several languages: a line [ru] or [en] before each.
# $number, $day, $state
announcement-row = No. { $number } · { $day } · { $state ->
    [draft] draft
    [sending] is being sent
    [done] sent
   *[stopped] stopped
}
# $count (Number), $unreachable, $failed
announcement-counts = { $count ->
    [one] { $count } person has it
   *[other] { $count } people have it
}, have blocked the bot: { $unreachable }, failed: { $failed }
# $count (Number)
announcement-draft = { $count ->
    [one] { $count } person is about to be told this:
   *[other] { $count } people are about to be told this:
}
announcement-started = It is on its way. Answers and results go first.
announcement-stopped = Stopped.
announcement-too-late = Too late: that announcement has ended, or is on its way already.
# $language
announcement-empty = The text in { $language } is empty.
# $length, $most
announcement-too-long = The text has { $length } characters, and a message at most { $most }.
# $language, $length, $most
announcement-too-long-in = The text in { $language } has { $length } characters, and a message at most { $most }.
# $language
announcement-repeated = There are two texts in { $language }.
button-announce = 📣 Send it
button-discard = 🗑 Discard
# $number
button-stop-announcement = ⏹ Stop no. { $number }
button-refresh = 🔄 Refresh
admin-people-hint = Those who were here last. To find anybody else, write /admin and a number, an @name or the beginning of a name.
admin-several = Who of them?
admin-too-many = There are more people with such a name: write more of it.
# $text
admin-nobody = Nobody whom I know is called “{ $text }”. People are known once they have written to me.
admin-no-money = Nothing costs people anything here (CHARGE=off), so nobody has a balance.
admin-gift-usage = Write whom, how much and, if you like, why: /admin gift 123456789 10.50 thanks. An amount below 0 takes money back, as far as there is some.
# $amount
admin-gift-done = Booked: { $amount }.
# $amount
admin-gift-short = { $amount } was not booked: the balance is smaller than that.
admin-purse-usage = /admin purse -1001234567890 shows the purse of that group; /admin purse -1001234567890 5000001 10.50 gives so much of it to a person.
# $group, $amount
admin-purse = Purse of the group { $group }: { $amount }
admin-limit-usage = Write whom and what: /admin limit 123456789 running=3 starts=6 order=300 day=500 month=5000. Amounts are credits; off is no limit, default is that of the settings, and default alone brings back all.
admin-limit-done = The limits hold from the next order on.
# $day, $language
admin-person-known = Known since { $day }, language { $language }
# $day
admin-person-seen = Last here { $day }
# $access
admin-person-access = { $access ->
    [admin] Access: admin of the bot
    [denied] Access: blocked
    [allowed] Access: let in
   *[none] Access: by the settings
}
admin-person-jobs = Jobs: { $count }
# $day, $month
admin-person-spent = Spent within 24 hours { $day }, within 30 days { $month }
# $amount
admin-person-balance = Balance: { $amount }
# $limits
admin-person-limits = Limits of their own: { $limits }
admin-audit-none = Nothing yet.
# $day, $actor, $what
admin-audit-row = { $day } · { $actor }: { $what ->
    [allow] let in
    [deny] blocked
    [remove_access] removed from the list
    [invite] made an invitation
    [withdraw_invite] withdrew an invitation
    [allow_request] granted a request for access
    [refuse_request] declined a request for access
    [retry_job] sent a job again
    [reread_job] had a result read again
    [refund_job] gave up a job
    [redeliver_job] had a result delivered again
    [set_quotas] changed a person's limits
    [set_model_rule] decided about a model
    [gift] gave money
    [take_back] took money back
    [return_purse] gave back money of a purse
    [add_promo] made a promo code
    [stop_promo] stopped a promo code
    [refund_payment] gave a payment back
    [announce] announced something
    [stop_announcement] stopped an announcement
    [forget] erased a person
   *[other] { $what }
}

## Buttons
button-home = 🏠 Menu
button-back = ‹ Back
button-jobs = 🗂 My jobs
button-language = 🌐 Language
button-create = ✨ Fill in
button-generate = ✅ Create · { $price }
button-generate-plain = ✅ Create
button-generate-later = ⏳ Create
button-generate-anyway = ⚠️ Create anyway · { $price }
button-instead = ↪️ { $title } instead
button-fill = 👉 Fill in: { $field }
button-more = ⚙️ More settings
button-less = ⚙️ Fewer settings
button-skip = Skip
button-clear = 🗑 Clear
button-pop = ↩️ Remove last
button-done = ✅ Done
button-add = ➕ Add
button-remove = 🗑 Remove this one
# $number (Number)
button-retry-item = 🔁 No. { $number }
# $number (Number)
button-remove-item = 🗑 No. { $number }
button-default = Back to default
button-repeat = 🔁 Once more
button-repeat-price = 🔁 Once more · { $price }
button-change = ✏️ Change
button-again = 🔁 Try again
button-detach = Do not wait
button-show = Show
button-resend = Send again as new
button-leave = Leave it
button-voice = 🎙 As a voice message
button-copy-prompt = 📋 Prompt
button-copy-task = 📋 Task id
button-original = 📎 Original file
button-ask-access = 🙋 Ask for access
button-allow = ✅ Allow
button-refuse = 🚫 Refuse
yes = Yes
no = No

## Models
# $icon, $title
task-title = { $icon } { $title }
# $page (Number), $pages (Number)
page = { $page } / { $pages }
from-price = from { $price }
card-by = by { $provider }
card-asks = It asks for:
card-price = Price (as of { $day }):
# $count (Number)
card-more-prices = { $count ->
    [one] …and { $count } more price, shown in the form
   *[other] …and { $count } more prices, shown in the form
}
# $price, $unit
price-row = { $price } per { $unit }
price-otherwise = otherwise
# $most
card-outputs = The model decides how many files come back, at most { $most }. Each of them is paid for, so the form shows the upper limit.
card-estimate = The form shows the upper limit, estimated from the length of the text; usually it costs less.
# $day, $price
card-discount-until = A discount until { $day }; then up to { $price }.
# $price
card-discount-open = A discount whose end the vendor does not name; without it up to { $price }.
unit = { $unit ->
    [image] image
    [video] video
    [second] second
    [minute] minute
    [request] run
    [run] run
    [song] song
    [track] track
    [megapixel] megapixel
    [layer] layer
    [million_tokens] million tokens
    [extension] extension
    [thousand-chars] 1000 characters
   *[other] { $unit }
}
# $percent (Number)
health = 📈 Of late { $percent }% of its tasks succeeded.
# $percent (Number)
health-poor = ⚠️ It does poorly now: of late only { $percent }% of its tasks succeeded. Another model may be quicker.
model-not-offered = { $title } is not offered any more.
model-try = Try { $title } instead.
model-no-price = { $title } cannot be ordered here: the vendor publishes no price for it, and I order nothing whose price I cannot say first.
model-off = { $title } is switched off in this bot for now.
model-for-others = { $title } is not open to you in this bot.
model-troubled = ⚠️ Tasks of { $title } often fail these days.

## Money
# $count (Number), $text
credits = { $count ->
    [one] { $text } credit
   *[other] { $text } credits
}
# $count (Number), $text
credits-limit = { $count ->
    [one] { $text } credit
   *[other] { $text } credits
}
credits-left = { $amount } left
at-most = up to { $price }
price-by-length = price by the length of the file
price-by-text = by the length of the text
price-by-number = price by what the model decides
price-not-covered = no price for this choice
price-unknown = price not known
price-more = +{ $amount }
price-less = −{ $amount }
price-hidden = I cannot say what this would cost, so I did not order it: the length or size of “{ $field }” is not known. Send the file itself as a video, audio or photo, not as a link.
price-hidden-whole = I cannot say what this would cost, so I did not order it. Please choose other settings.

## The form
value-default = { $value } (default)
# $value, $difference
value-difference = { $value }: { $difference }
value-differences = ({ $differences })
# $option, $difference
option-difference = { $option } · { $difference }
value-missing = needed
value-empty = –
# $count (Number)
value-files = { $count ->
    [one] { $count } file
   *[other] { $count } files
}
# $count (Number), $max (Number)
value-files-of = { $count } of { $max }
# $count (Number)
value-items = { $count ->
    [one] { $count } item
   *[other] { $count } items
}
value-link = link
value-uploading = uploading
value-not-uploaded = not uploaded
# $count (Number)
value-uploads = ⏳ { $count } uploading
# $count (Number)
value-uploads-failed = ⚠️ { $count } not uploaded
# $count (Number), $text
characters = { $count ->
    [one] { $text } character
   *[other] { $text } characters
}
# $text, $length
value-long-text = { $text } ({ $length })
# $count (Number)
form-more = { $count ->
    [one] More settings: { $count } folded
   *[other] More settings: { $count } folded
}
form-not-ready = Not ready yet:
form-warnings = Mind:
form-accepted = Accepted.
form-already = This was ordered already; nothing new was started.
required-mark = needed
now-value = Now: { $value }
# $number (Number)
item-number = No. { $number }
ask-text = Send the text.
# $max (Number)
ask-text-max = { $max ->
    [one] Send the text: at most { $max } character.
   *[other] Send the text: at most { $max } characters.
}
# $min (Number), $max (Number)
ask-text-range = { $max ->
    [one] Send the text: { $min } to { $max } character.
   *[other] Send the text: { $min } to { $max } characters.
}
# $max (Number)
ask-text-cjk = With Chinese, Japanese or Korean at most { $max }.
ask-text-file = A long one may come as a .txt file.
ask-format = It must look like { $example }
ask-number = Send a number.
ask-number-from = Send a number, { $min } or more.
ask-number-to = Send a number, at most { $max }.
# $min, $max
ask-number-range = Send a number from { $min } to { $max }.
ask-number-step = In steps of { $step }.
ask-number-also = { $values } is allowed too.
ask-choice = Choose:
ask-media = Send { $what }, or a link to it.
ask-media-many = Send { $what }, one by one or as an album; links work too. Press “Done” when that is all.
ask-task = Choose one of your jobs or send the id of a task.
ask-task-result = Choose what you have made, or send its id.
ask-task-none = You have no fitting job yet. Send the id of a task.
# $models
ask-task-result-none = You have made none yet. Make one with { $models }, or send an id.
ask-list-text = Send one at a time. Press “Done” when that is all.
ask-list-items = Add them one by one. Press “Done” when that is all.
ask-object = Press a part to fill it in.
media-kind = { $kind ->
    [image] a picture
    [video] a video
    [audio] an audio file or a voice message
   *[document] a file
}
media-types = Types: { $types }.
media-size = Up to { $mb } MB.
media-seconds = Length: { $range } s.
range-from = { $min } or more
range-to = up to { $max }
# $min, $max
range-both = { $min } to { $max }
# $first, $last
list-joined = { $first } or { $last }
which-field = Where does this belong?
# $count (Number)
which-field-files = { $count ->
    [one] { $count } file: where does this belong?
   *[other] { $count } files: where do these belong?
}
# $count (Number)
files-left-out = { $count ->
    [one] { $count } file was not taken: there is no room for it.
   *[other] { $count } files were not taken: there is no room for them.
}
edit-too-late = That is ordered already, with what you sent before. To order it anew as it is now, press “Change”.
which-file = Which of the files?
step-file-gone = The vendor deletes results after two weeks, and this one is no longer there. Please send the file yourself.
use-buttons = Please use the buttons here.
# $given, $what
wrong-kind = You sent { $given }; needed here: { $what }.
no-field-takes = You sent { $given }; nothing in this form takes it.
# $limit, $mb
file-too-big = This file has { $mb } MB. Telegram lets bots fetch files up to { $limit } MB. Send a smaller one, or a link to it.
file-not-on-disk = This bot cannot read the files that its own Telegram server keeps, so sending it again will not help. Its owner can mend that; the bot's log says how.
file-unreachable = Telegram does not hand over this file. Please send it again.
needs-webhook = This model hands its result over only in a call from the vendor, which this bot is not set up to take. Its owner can change that: PUBLIC_URL and KIE_WEBHOOK_KEY in the settings.
upload-failed = The file could not be passed on to the vendor. Please send it again in a moment.
upload-late = It took too long to pass this file on to the vendor. Please try again in a moment, or send a smaller one.
upload-broken = Something went wrong on my side with this file. Please try again.
text-file-unreadable = This file is not plain text. Save it as text in UTF-8 and send it again.
text-file-too-big = A text file may have at most 1 MB.
# $count (Number)
order-waits = { $count ->
    [one] Nothing is ordered yet: { $count } file is still on its way to the vendor. When it is there, I show the form again.
   *[other] Nothing is ordered yet: { $count } files are still on their way to the vendor. When they are there, I show the form again.
}
order-wait-over = All files are at the vendor. Press “Create” to order.
order-wait-failed = Not all files have reached the vendor, so nothing is ordered.
attachment-gone = The file under “{ $field }” can no longer be fetched. Please send it again.

## Jobs
stage-accepted = ⏳ Accepted
stage-waiting = ⏳ In the queue
stage-generating = 🎨 At work
stage-sending = 📦 Ready, sending
stage-still = 🕰 It takes longer than usual. It is still running, and the result will come here
stage-time = { $elapsed }
# $elapsed, $usual
stage-time-usual = { $elapsed }, usually { $usual }
# $count (Number)
seconds = { $count } s
# $count (Number)
minutes = { $count } min
# $count (Number)
hours = { $count } h
# $name, $mb
result-link-big = { $name } is bigger than { $mb } MB, which is what Telegram takes from a bot. Here is a link:
result-link-gone = { $name } could not be fetched from the vendor. Here is its link:
result-link-refused = Telegram did not take { $name }. Here is its link:
result-link-again = Here is a fresh link to the file:
result-link-lasts = The link works for { $time }. “Show” gives a fresh one as long as the vendor keeps the file, which is 14 days.
result-link-kept = The vendor keeps the file for 14 days. “Show” brings it again.
result-expired = The vendor deletes results after 14 days; this one is no longer there.
voice-unreachable = Telegram does not hand over the recording, so it could not become a voice message.
voice-refused = Telegram did not take the voice message. Perhaps your privacy settings let no voice messages through.
failed = { $title }: it did not work.
failed-blocked = A protection of the network in front of the vendor (a CDN) refused the bot's request, which did not reach the vendor. It is not about what you ordered.
failed-ip = The vendor does not take this bot's key from this address. Its owner can change the key's list of IP addresses.
failed-key-limit = The bot's key has reached its own limit at the vendor. Its owner can raise it.
failed-paused = New orders are paused for a while, and this one was not started. Try it again later: everything that you filled in is kept.
failed-code = Code: { $code }
failed-free = Nothing was charged.
failed-unconfirmed = The vendor does not charge for what failed; it has not said so about this order.
failed-doubted = An earlier try of this order was lost, and the vendor may have charged for that one.
failed-charged = The vendor charged { $price }.
unknown-fate = { $title }: I do not know what became of it.
unknown-fate-why = The order went out, and the answer was lost on the way. The vendor may have taken it, and may have charged for it. Sending it again may cost twice, so I do not do that without your word.
unknown-vanished-why = The vendor took the order and says now that it knows no such task. It may have charged for it. Sending it again may cost twice, so I do not do that without your word.
unknown-timeout-why = The vendor has not finished the order in two days. It may still finish it, and may have charged for it. Sending it again may cost twice, so I do not do that without your word.
unreadable = { $title }: the vendor says it is done, and I cannot read what it sent.
unreadable-why = I looked for two minutes. The vendor's answer is kept, and the operator of this bot has been told. If the result can be found, it will come here.
unreadable-charge = The vendor may have charged for it. What was set aside for it stays set aside until the operator decides.
unknown-resent = Sent again as a new order.
unknown-left = Left as it is. What I had set aside for it is free again.
unknown-moved = This has been decided already.
# $count (Number)
undelivered = { $count ->
    [one] { $count } result reached no chat
   *[other] { $count } results reached no chat
}
# $chat, $reason
undelivered-chat = Chat { $chat }: { $reason }
undelivered-gone = it has blocked the bot, or is gone.
undelivered-refused = Telegram did not take it, or kept silent for a week.
# $count (Number)
undelivered-more = …and { $count } more
undelivered-hint = They are paid for and kept: a chat gets its results when it writes to the bot again. This command lists all: kie-bot jobs --state undeliverable
jobs-title = Your last jobs
jobs-none = You have no jobs yet.
job-state = { $state ->
    [held] waiting
    [submitting] being sent
    [running] at work
    [ready] ready
    [delivering] being delivered
    [delivered] done
    [failed] failed
    [unknown] fate unknown
    [unreadable] done, not readable
    [undeliverable] kept, not delivered
    [cancelled] taken back
   *[other] { $state }
}
job-ago = { $elapsed } ago
job-unknown = This job is not known here.
repeat-started = Once more: { $title }.
repeat-known = { $title }: this button has been used already. Its job:

## What is wrong with an input
violation-required = is needed
violation-unknown-field = is not a field of this model
violation-unknown-field-nearest = is not a field of this model; did you mean { $nearest }?
violation-given-twice = is given twice, also as { $other }
violation-wrong-type = { $needed ->
    [string] must be text
    [integer] must be a whole number
    [number] must be a number
    [boolean] must be yes or no (true or false)
    [array] must be a list
   *[object] must be a group of fields
}
# $min (Number), $length (Number)
violation-too-short = { $length ->
    [0] { $min ->
        [one] is empty; at least { $min } character is needed
       *[other] is empty; at least { $min } characters are needed
    }
   *[other] { $min ->
        [one] has { $length } characters; at least { $min } is needed
       *[other] has { $length } characters; at least { $min } are needed
    }
}
# $max (Number), $length (Number)
violation-too-long = has { $length } characters; at most { $max } are allowed
violation-format = must look like { $example }
violation-range = must be { $range }
violation-step = must be a multiple of { $step }
# $given, $values
violation-not-offered = “{ $given }” is not offered; choose { $values }
violation-refused = does not go together with the other settings: { $values }
# $given
violation-not-allowed = “{ $given }” cannot be ordered in this bot; choose something else
# $given, $values
violation-not-allowed-choose = “{ $given }” cannot be ordered in this bot; choose { $values }
# $min (Number), $count (Number)
violation-too-few = { $min ->
    [one] has { $count } items; at least { $min } is needed
   *[other] has { $count } items; at least { $min } are needed
}
# $max (Number), $count (Number)
violation-too-many = { $max ->
    [one] has { $count } items; at most { $max } is allowed
   *[other] has { $count } items; at most { $max } are allowed
}
violation-url = must be a link that begins with { $schemes }
violation-media = has a type that is not taken; needed: { $allowed }
# $max, $mb
violation-too-big = has { $mb } MB; at most { $max } MB are allowed
# $range, $seconds
violation-duration = lasts { $seconds } s; needed: { $range } s
# $measure, $range
violation-pixels = { $measure ->
    [side] has sides that do not fit; each needs { $range } pixels
    [short_side] has a shorter side that does not fit; it needs { $range } pixels
    [long_side] has a longer side that does not fit; it needs { $range } pixels
    [total] has a size that does not fit; it needs { $range } pixels altogether
    [same_size] must have the same width and height as the other pictures
   *[ratio] has a shape that does not fit; width divided by height must be { $range }
}
violation-needed-with = is needed because of: { $because }
violation-not-with = must be left out because of: { $because }
# $fields, $min (Number), $max (Number)
violation-one-of = { $max ->
    [1] { $min ->
        [1] give exactly one of: { $fields }
       *[other] give at most one of: { $fields }
    }
   *[other] { $min ->
        [0] give fewer of: { $fields }
        [1] give at least one of: { $fields }
       *[other] give at least { $min } of: { $fields }
    }
}
# $fields, $count, $max, $sum
violation-sum = { $count ->
    [seconds] { $fields }: { $sum } s together; at most { $max } s are allowed
    [characters] { $fields }: { $sum } characters together; at most { $max } are allowed
    [megabytes] { $fields }: { $sum } MB together; at most { $max } MB are allowed
    [value] { $fields }: { $sum } together; at most { $max } is allowed
   *[items] { $fields }: { $sum } together; at most { $max } are allowed
}
# $fields, $count, $max, $sum
violation-sum-exact = { $count ->
    [seconds] { $fields }: { $sum } s together; it must be { $max } s
    [characters] { $fields }: { $sum } characters together; it must be { $max }
    [megabytes] { $fields }: { $sum } MB together; it must be { $max } MB
    [value] { $fields }: { $sum } together; it must be { $max }
   *[items] { $fields }: { $sum } together; it must be { $max }
}
violation-difference = must be greater than { $smaller }
# $smaller, $range
violation-difference-range = must be greater than { $smaller } by { $range }
violation-same-count = must have as many items as { $other }
violation-repeated = occurs twice
violation-unmatched = does not occur in { $target }
violation-no-effect = has no effect because of: { $because }
violation-no-effect-ever = has no effect here
violation-not-sent = is not a field of this model any more; it is left out
violation-not-given = is empty, which counts as not given
violation-not-given-default = is empty, which counts as not given: { $default } holds
violation-taken-as = is not offered; { $value } is sent for it
violation-discontinued = will soon be dropped by the vendor
violation-not-an-object = the input must be a JSON object
# $values, $count (Number)
violation-more-values = { $values } or one of { $count } more

## The command line
# $count (Number)
problems = { $count ->
    [one] { $count } problem
   *[other] { $count } problems
}
valid = valid
worth-knowing = worth knowing:
unknown-model = there is no model `{ $model }`
# $model, $nearest
unknown-model-nearest = there is no model `{ $model }`; did you mean `{ $nearest }`?
models-are-listed = `kie-bot models` lists them
# $model, $status
model-gone = { $status ->
    [retired] `{ $model }` is retired and is not offered any more
    [removed] `{ $model }` is removed and is not offered any more
   *[suspect] `{ $model }` is suspect and is not offered any more
}
# $gone, $nearest
model-gone-nearest = { $gone }; use `{ $nearest }`
# $model, $nearest
model-trouble = tasks of `{ $model }` often fail these days; `{ $nearest }` works instead
# $place, $given
input-not-an-object = { $place } must be a JSON object, not { $given ->
    [boolean] a flag
    [number] a number
    [string] a text
    [array] a list
   *[null] null
}
# $place, $why
input-not-json = { $place } is not valid JSON: { $why }
line-unreadable = the line cannot be read: { $why }

## Rules of a model
# $conditions, $demand
rule-when = if { $conditions }: { $demand }
rule-advice = advice: { $rule }
# $field, $values
condition-is = { $field } is { $values }
# $field, $values
condition-is-not = { $field } is not { $values }
condition-present = { $field } is given
condition-absent = { $field } is not given
# $field, $count (Number)
condition-items = { $field } has { $count ->
    [one] { $count } item
   *[other] { $count } items
}
rule-require = give { $fields }
# $fields, $range
rule-groups = of { $fields } give { $range }
rule-forbid = leave out { $fields }
rule-ignored = no effect: { $fields }
# $field, $values
rule-allow = { $field } must be { $values }
# $field, $values
rule-refuse = { $field } must not be { $values }
# $field, $range
rule-length = { $field } needs { $range } characters
# $field, $range
rule-within = { $field } must be { $range }
# $field, $range
rule-count = { $field } needs { $range } items
# $field, $range
rule-seconds = { $field } must last { $range } s
# $terms, $limit
rule-sum = { $terms }: { $limit }
# $field, $count
rule-term = { $count ->
    [seconds] seconds of { $field }
    [characters] characters of { $field }
    [megabytes] megabytes of { $field }
    [items] number of { $field }
    [presence] 1 for { $field }
   *[value] { $field }
}
# $greater, $smaller
rule-difference = { $greater } must be greater than { $smaller }
# $greater, $smaller, $range
rule-difference-range = { $greater } must be greater than { $smaller } by { $range }
rule-same-count = as many items in each: { $fields }
rule-same-size = the same width and height: { $fields }
rule-unique = no value of { $field } twice
# $field, $target
rule-refers = { $field } must occur in { $target }
# $field, $images, $videos
rule-either = { $field } needs { $images } pictures or { $videos } clips, not both

## For those who run the bot
alerts = For whoever runs the bot
alert-out-of-credits = The account at KIE is out of credits: orders are paused. Top it up at kie.ai; they go on by themselves.
alert-out-of-credits-over = The account at KIE has credits again: orders go on.
# $amount
alert-low-credits = The account at KIE has { $amount } left.
alert-low-credits-over = The account at KIE has enough credits again.
# $key, $reason
alert-key = KIE refuses the key { $key }: { $reason }.
alert-key-credits = its account is out of credits
alert-key-limit = it has reached its own limit
alert-key-address = it may not be used from this IP address
# $code
alert-key-code = code { $code }
# $key
alert-key-over = KIE takes the key { $key } again.
alert-cap = The limit of all orders in 24 hours is reached: orders are refused.
alert-cap-over = There is room for orders within the limit of 24 hours again.
# $percent (Number)
alert-failures = { $percent }% of the latest orders have failed at KIE.
alert-failures-over = Few orders fail at KIE now.
# $title, $code
alert-model = { $title } has begun to refuse: its last orders all ended with the code { $code }.
# $title
alert-model-over = { $title } works again.
# $title, $percent (Number)
alert-health = { $title } does poorly at KIE: of late { $percent }% of its tasks succeeded.
# $title
alert-health-over = { $title } does well at KIE again.
# $count (Number)
alert-unknown = { $count ->
    [one] { $count } order of which the end is not known waits for your decision
   *[other] { $count } orders of which the end is not known wait for your decision
}
# $count (Number)
alert-unreadable = { $count ->
    [one] { $count } result that cannot be read waits for your decision
   *[other] { $count } results that cannot be read wait for your decision
}
# $command
alert-decide = This command lists all: { $command }
