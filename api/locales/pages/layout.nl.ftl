# Wat alle pagina's omgeeft.

skip = Naar de inhoud
menu = Hoofdmenu
menu-mine = Mijn mandje
menu-to-validate = Goed te keuren mandjes
menu-passed-on = Verzonden of goedgekeurde mandjes
menu-validated = Goedgekeurde mandjes
on-behalf-of = namens { $name }
menu-account = Mijn account
sign-out = Afmelden
languages = Taal van de pagina's
tabs = Tabbladen
pages = Pagina's van de lijst
pages-next = Volgende pagina
optional = (niet verplicht)
erased = verwijderd account
back-to-start = Terug naar het begin
trace = Om het ons te melden:

role-requester = Aanvrager
role-approver = Goedkeurder
role-purchaser = Aankoper
role-bookseller = Boekhandelaar
role-auditor = Auditor

notice-signed-out = U bent afgemeld.
notice-password-set = Uw wachtwoord is bewaard: meld u aan.
notice-password-changed = Uw wachtwoord is gewijzigd; uw andere sessies zijn beëindigd.
notice-link-asked = Hoort dit adres bij een actief account, dan wordt er een bericht naartoe gestuurd. De link werkt één keer, dertig minuten lang.
notice-login-confirmed = Uw nieuwe adres is bevestigd: meld u ermee aan.
notice-basket-opened = Het mandje is geopend.

start-title = Start
start-baskets = Mandjes
start-quotes = Offertes
start-quotes-current = Lopend
start-quotes-archived = Gearchiveerd
start-orders = Bestellingen
start-orders-pending = Te verwerken
start-orders-processing = In verwerking
start-orders-closed = Afgesloten
start-orders-cancelled = Geannuleerd
yours = Aan u
notice-basket-saved = De wijzigingen zijn opgeslagen.
notice-line-added = Het artikel ligt in het mandje.
notice-line-removed = De regel is verwijderd.
notice-basket-renamed = Het mandje heeft een andere naam.
notice-basket-discarded = Het mandje is verwijderd.
notice-basket-sent = Het mandje is naar de goedkeurder gestuurd.
notice-basket-validated = Het mandje is doorgestuurd naar de aankoper.
notice-basket-unlocked = Het mandje is ontgrendeld: u kunt het wijzigen.
notice-basket-given-back = Het mandje is teruggestuurd.
notice-basket-taken-over = Het mandje staat op uw naam.
notice-basket-repriced = Het mandje heeft de prijzen van vandaag.
notice-quote-requested = De offerteaanvraag is verstuurd.
notice-order-placed = De bestelling is geplaatst.
pages-previous = Vorige pagina
