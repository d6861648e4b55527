# Een lijst in een mandje importeren.

list-ready = Kan worden toegevoegd
list-not-orderable = Kan worden toegevoegd. Gemelde beschikbaarheid: { $availability }
list-added-to-another = Zelfde artikel als op regel { $line }: de exemplaren zijn daar meegeteld
list-ean-missing = De EAN-code ontbreekt
list-ean-damaged = Het rekenblad heeft deze code afgerond: de laatste cijfers zijn verloren. Geef de kolom de opmaak Tekst en voer de code opnieuw in
list-ean-malformed = Dit is geen EAN-code: 13 cijfers, of 10 voor een oud ISBN
list-wrong-check-digit = Tikfout: het laatste cijfer zou { $expected } moeten zijn
list-unknown-article = Dit artikel staat niet in de catalogus van uw boekhandel
list-quantity-not-whole = Het aantal is geen geheel getal
list-quantity-out-of-range = Het aantal ligt tussen 1 en 9999
list-reference-too-long = De referentie is langer dan 200 tekens
list-no-room = Het mandje zou meer dan 2000 regels hebben
