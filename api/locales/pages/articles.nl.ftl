# De artikelen van de catalogus.

search-title = Artikelen zoeken
search-label = Een artikel zoeken
search-hint = EAN, of woorden van titel, auteur of uitgever: de eerste twee letters volstaan.
search-nothing-asked = Typ een EAN of enkele woorden: hier verschijnen de artikelen uit de catalogus van uw boekhandel.
search-nothing-found = Geen artikel gevonden. Controleer de spelling of probeer minder woorden.
search-found = { $count ->
    [one] { $count } artikel
   *[other] { $count } artikelen
}
search-first = De eerste { $count } artikelen
target-basket = Artikelen gaan naar:
target-new = Het eerste artikel opent een nieuw mandje.
target-other = Een ander mandje kiezen
target-closed = Het gevraagde mandje kan nu niet worden gewijzigd: de artikelen gaan naar een ander.
target-choose = Wijzigen
article-public-price = Publieksprijs incl. btw
article-your-price = Uw prijs incl. btw
article-discount = korting { $rate }
article-add = In het mandje leggen
article-availability = Beschikbaarheid
article-not-now = U kunt het toevoegen: de regel blijft “uit te stellen” zolang het ontbreekt.
article-author = Auteur
article-publisher = Uitgever
article-ean = EAN13-code
article-vat = Btw
article-kind = Soort
article-kind-book = Boek
article-kind-school_book = Schoolboek
article-kind-press = Pers
article-kind-other = Ander artikel
article-language = Taal
article-published = Verschijningsdatum
article-back = Terug naar het zoeken
article-language-fr = Frans
article-language-nl = Nederlands
article-language-en = Engels
article-language-de = Duits
article-language-es = Spaans
article-language-it = Italiaans
