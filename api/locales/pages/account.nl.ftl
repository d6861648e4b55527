# Mijn account.

account-title = Mijn account
account-about = Mijn gegevens
account-name = Naam
account-email = E-mail
account-role = Rechten
account-shop = Boekhandel
account-institutions = Instelling(en)
account-institutions-more = { $count ->
    [one] Nog { $count } andere klant bekijken
   *[other] Nog { $count } andere klanten bekijken
}
account-password = Wachtwoord
account-password-lead = Met een nieuw wachtwoord eindigen uw sessies op andere toestellen.
account-password-button = Wachtwoord wijzigen
account-sections = Onderdelen van het account
account-details = Naam en telefoon
account-phone = Telefoon
account-details-button = Bewaren
account-new-email-title = E-mailadres om aan te melden
account-new-email = Nieuw e-mailadres
account-new-email-lead = Er gaat een link naar het nieuwe adres; tot het bevestigd is, geldt het huidige.
account-new-email-button = Link ontvangen
account-pending-email = { $email } wacht op bevestiging via de link.
account-not-yours = U handelt namens een collega: keer terug naar uw eigen naam om te wijzigen wat van u is.
act-for-oneself = Terug naar mijn eigen naam

sessions-title = Open sessies
sessions-lead = De browsers en programma's waar u aangemeld bent. Beëindig wat u niet herkent en wijzig dan uw wachtwoord.
sessions-begun = Begonnen op
sessions-seen = Laatst gebruikt
sessions-ends = Eindigt uiterlijk op
sessions-this = Deze sessie
sessions-in-place = in de plaats van een collega
sessions-end = Beëindigen
sessions-end-that = De sessie beëindigen die begon op { $moment }
sessions-end-others = Alle andere sessies beëindigen

factor-title = Tweede factor
factor-enabled = In gebruik: bij elke aanmelding wordt een code gevraagd.
factor-disabled = Niet in gebruik: uw wachtwoord volstaat om binnen te komen.
factor-begin-title = Het aanmelden met een code beveiligen
factor-begin-lead = Een authenticatie-app toont een code die om de dertig seconden verandert; die wordt na het wachtwoord gevraagd.
factor-begin = Beginnen
factor-prove-title = Uw app koppelen
factor-prove-lead = Scan deze afbeelding met uw authenticatie-app, of voer er de sleutel in, en typ hier de code die de app toont. De sleutel wordt maar één keer getoond.
factor-prove-again = Typ de code die uw app nu toont. Kon u de afbeelding niet scannen?
factor-begin-again = Opnieuw beginnen
factor-picture = Afbeelding om met een authenticatie-app te scannen; de sleutel volgt als tekst.
factor-secret = Sleutel:
factor-code = Code van zes cijfers, of herstelcode
factor-confirm = In gebruik nemen
factor-enabled-now = De tweede factor is in gebruik; uw andere sessies zijn beëindigd.
factor-codes = Uw herstelcodes
factor-codes-lead = Elk ervan vervangt één keer de code van de app, als u er niet meer bij kunt. Druk ze nu af of schrijf ze over: ze worden niet meer getoond.
factor-codes-kept = Ik heb ze bewaard
factor-give-up-title = Geen code meer vragen
factor-give-up-lead = Uw wachtwoord volstaat dan weer om binnen te komen.
factor-give-up = Tweede factor uitschakelen

delegations-title = Delegaties
delegations-received = Wie mij laat handelen
delegations-received-empty = Niemand laat u in zijn plaats handelen. Doet een collega dat, dan vervangt u hem van hieruit.
delegations-given = Wie in mijn plaats handelt
delegations-given-empty = U hebt geen delegatie gegeven. Kies vóór een afwezigheid een collega: die keurt namens u goed, onder beide namen.
delegation-from = Namens
delegation-to = Gedelegeerde
delegation-first-day = Eerste dag
delegation-last-day = Laatste dag
delegation-last-day-hint = Inbegrepen; hoogstens 90 dagen in totaal.
delegation-email = E-mailadres van de collega
delegation-email-hint = Een actieve collega van een van uw instellingen.
delegation-today = Loopt nu
delegation-give = Delegatie geven
delegation-give-lead = De collega handelt met uw rechten; de geschiedenis bewaart beide namen.
delegation-revoke = Intrekken
delegation-revoke-name = De delegatie van { $name } intrekken
act-for = In diens plaats handelen
act-for-name = In de plaats van { $name } handelen
substitution-lead = Uw account mag in de plaats van anderen handelen: u kunt een sessie openen in de plaats van een ander account van uw instellingen.
