# De boekhandel zelf: wat zij voor al haar klanten instelt.

menu-shop = Mijn boekhandel
shop-registration = Aanvragen van accounts
shop-registration-open = Iedereen kan een B2B-account aanvragen
shop-registration-closed = Alleen de boekhandel maakt accounts aan
shop-registration-lead = Een aanvraag opent op zich niets: u kent ze toe of weigert ze. Ontvangen aanvragen blijven staan wanneer u deze mogelijkheid sluit.
shop-registration-close = Aanvragen sluiten
shop-registration-reopen = Aanvragen openen
shop-groups = Kopersgroepen
shop-groups-lead = Elk account zit in één groep en niet meer; op de pagina van het account wijzigt u die.
shop-group-name = Naam van de groep *
shop-group-default = Nieuwe accounts
shop-group-rename = Groep een andere naam geven
shop-group-prefer = Nieuwe accounts hierin plaatsen
shop-group-new = Groep toevoegen
shop-group-new-button = Groep aanmaken
shop-establishments = Vestigingen
notice-shop-changed = De instellingen van de boekhandel zijn opgeslagen.
