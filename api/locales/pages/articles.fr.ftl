# Les articles du catalogue.

search-title = Rechercher des articles
search-label = Rechercher un article
search-hint = EAN, ou mots du titre, de l'auteur, de l'éditeur : les deux premières lettres suffisent.
search-nothing-asked = Tapez un EAN ou quelques mots : les articles du catalogue de votre librairie apparaissent ici.
search-nothing-found = Aucun article ne correspond. Vérifiez l'orthographe, ou essayez avec moins de mots.
search-found = { $count ->
    [one] { $count } article
   *[other] { $count } articles
}
search-first = { $count } premiers articles
target-basket = Les articles vont dans :
target-new = Le premier article ouvre un nouveau panier.
target-other = Choisir un autre panier
target-closed = Le panier demandé ne peut pas être modifié maintenant : les articles vont dans un autre.
target-choose = Changer
article-public-price = Prix public TTC
article-your-price = Votre prix TTC
article-discount = remise { $rate }
article-add = Ajouter au panier
article-availability = Disponibilité
article-not-now = Vous pouvez l'ajouter : la ligne restera « à reporter » tant qu'il manque.
article-author = Auteur
article-publisher = Éditeur
article-ean = Code EAN13
article-vat = TVA
article-kind = Nature
article-kind-book = Livre
article-kind-school_book = Livre scolaire
article-kind-press = Presse
article-kind-other = Autre article
article-language = Langue
article-published = Date de parution
article-back = Retour vers la recherche
article-language-fr = français
article-language-nl = néerlandais
article-language-en = anglais
article-language-de = allemand
article-language-es = espagnol
article-language-it = italien
