# De instellingen die klant zijn, en de regels die de boekhandel voor hen vastlegt.

menu-institutions = Klanten
institutions-all = Klanten beheren
institutions-mine = Toegewezen klanten
institutions-search = Naam, plaats of Librisoft-nummer
institutions-see = Details bekijken van { $name }
institutions-none-found = Geen klant heeft deze naam, deze plaats of dit nummer.
institutions-all-empty = Geen klanten. Ze komen uit Librisoft: vink « Client collectivité » aan op hun fiche en start de synchronisatie.
institutions-mine-empty = Er is u geen klant toegewezen. De boekhandel of uw instelling zorgt daarvoor.
institution-number = Librisoft-nummer
institution-client = Klant
institution-city = Plaats
institution-discounts = Kortingen
institution-state = Toestand
institution-discount-school = Schoolboeken: { $rate }
institution-discount-2-1 = Bij 2,1% btw: { $rate }
institution-discount-5-5 = Bij 5,5% btw: { $rate }
institution-discount-20 = Bij 20% btw: { $rate }
institution-cap-lifted = De boekhandel heeft een korting boven het wettelijke maximum verantwoord.
institution-open = Actieve klant
institution-blocked = Geblokkeerde klant
institution-withdrawn = Verwijderd uit Librisoft
institution-closed-lead = Mandjes worden nog voorbereid; niets wordt verstuurd, goedgekeurd of besteld. Geplaatste bestellingen lopen door.
institution-two-persons = Twee personen vereist
institution-accounts = De accounts bekijken
institution-rule = Regel van twee personen
institution-rule-on = Twee personen zijn vereist: niemand keurt een eigen mandje alleen goed of bestelt het alleen.
institution-rule-off = Eén persoon volstaat: ieder gaat zo ver als zijn rol toelaat, ook met een eigen mandje.
institution-rule-whose = De boekhandel legt deze regel vast: neem contact met haar op om hem te wijzigen.
institution-rule-lead = Alleen de boekhandel legt deze regel vast: wie eraan gebonden is, kan hem niet opheffen. Hij geldt meteen, ook voor mandjes die onderweg zijn.
institution-rule-set = Twee personen vereisen
institution-rule-lift = Niet langer twee personen vereisen
institution-rule-sure = Eén persoon kan dan alleen zijn eigen mandjes goedkeuren en bestellen.
institution-rule-lift-button = Ja, de regel opheffen
institution-payment = Betaling van bestellingen
institution-payment-on = Achteraf betalen is toegestaan: bestellingen die aan deze klant gefactureerd worden, worden op factuur betaald.
institution-payment-off = Achteraf betalen is niet toegestaan: bestellingen die aan deze klant gefactureerd worden, worden online betaald.
institution-payment-whose = De boekhandel staat achteraf betalen toe: neem contact met haar op om dat te wijzigen.
institution-payment-lead = Alleen de boekhandel beslist hierover. Het geldt meteen voor nieuwe bestellingen, op factuur en via Chorus Pro; geplaatste bestellingen lopen door.
institution-payment-set = Achteraf betalen toestaan
institution-payment-lift = Achteraf betalen niet langer toestaan
institution-payment-sure = Deze klant kan dan alleen nog bestellen met online betaling.
institution-payment-lift-button = Ja, niet langer toestaan
institution-kind = Aard
institution-kind-library = Openbare bibliotheek
institution-kind-school = Onderwijsinstelling
institution-kind-other = Andere instelling
institution-vat = Btw
institution-vat-exempt = Facturatie vrijgesteld van btw
institution-addresses = Leveringsadressen
institution-source = Deze gegevens komen uit Librisoft en worden daar gewijzigd.
notice-two-persons-demanded = Voortaan zijn twee personen vereist.
notice-two-persons-lifted = Twee personen zijn niet langer vereist.
notice-payment-after-delivery-allowed = Achteraf betalen is voortaan toegestaan.
notice-payment-after-delivery-refused = Achteraf betalen is niet langer toegestaan.
accounts-of = Accounts van
accounts-of-all = De accounts van alle klanten bekijken
clients-find = Een klant zoeken
clients-choose = — Kies —
clients-more = Meer dan { $count } klanten: zoek nauwkeuriger.
clients-others = { $count ->
    [one] en { $count } andere klant
   *[other] en { $count } andere klanten
}
clients-unseen = { $count ->
    [one] { $count } andere klant blijft toegewezen zonder hier te staan.
   *[other] { $count } andere klanten blijven toegewezen zonder hier te staan.
}
send = Versturen
