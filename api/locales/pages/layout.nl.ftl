# Wat alle pagina's omgeeft.

skip = Naar de inhoud
menu = Hoofdmenu
menu-mine = Mijn mandje
menu-to-validate = Goed te keuren mandjes
menu-passed-on = Verzonden of goedgekeurde mandjes
menu-validated = Goedgekeurde mandjes
on-behalf-of = namens { $name }
menu-account = Mijn account
menu-quotes = Mijn offertes
menu-orders = Mijn bestellingen
menu-quotes-all = Offertes beheren
menu-orders-all = Bestellingen beheren
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
role-librisoft = Librisoft
role-integrator = Programma
role-buyer = Intekenaar
role-system = Automatische verwerking

notice-signed-out = U bent afgemeld.
notice-password-set = Uw wachtwoord is bewaard: meld u aan.
notice-password-changed = Uw wachtwoord is gewijzigd; uw andere sessies zijn beëindigd.
notice-link-asked = Hoort dit adres bij een actief account, dan wordt er een bericht naartoe gestuurd. De link werkt één keer, dertig minuten lang.
notice-login-confirmed = Uw nieuwe adres is bevestigd: meld u ermee aan.
notice-basket-opened = Het mandje is geopend.
notice-quote-accepted = De offerte is aanvaard: dit is de bestelling.
notice-quote-refused = De offerte is geweigerd.

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
