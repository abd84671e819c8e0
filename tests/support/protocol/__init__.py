"""The order protocol as a model that can be searched to its last state: the services' rules, without their databases.

One step is one committed transaction of one service; nothing is kept between steps but what is committed. So a crash
needs no step of its own: it is the next step that never comes, and whoever takes it later finds the same rows. The wire
is what the outboxes promise: any message may arrive at any time after its commit, as often as it likes, settled or not,
in any order, or not in this life; any answer that was ever given may arrive as late.

Modelled: place, refuse, cancel, the vendor's and the timer's moves, proposals and their confirmation, one whole return;
stock, wallet, escrow, the clearing between both ledgers, outbox, inbox, versions and timelines. Who may move what is
read from the services' own tables. Not modelled: carts, chat, several lines, returns in parts, prices, commission,
payouts; time (whatever can be due may be due), and what lies below a transaction's atomicity.
"""
