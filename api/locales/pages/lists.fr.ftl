# Importer une liste dans un panier.

list-ready = Peut être ajouté
list-not-orderable = Ajout possible. Disponibilité annoncée : { $availability }
list-added-to-another = Même article qu'à la ligne { $line } : les exemplaires y sont comptés
list-ean-missing = Le code EAN manque
list-ean-damaged = Le tableur a arrondi ce code : les derniers chiffres sont perdus. Mettez la colonne au format Texte et saisissez-le de nouveau
list-ean-malformed = Ce n'est pas un code EAN : 13 chiffres, ou 10 pour un ancien ISBN
list-wrong-check-digit = Faute de frappe : le dernier chiffre devrait être { $expected }
list-unknown-article = Le catalogue de votre librairie ne contient pas cet article
list-quantity-not-whole = La quantité n'est pas un nombre entier
list-quantity-out-of-range = La quantité va de 1 à 9999
list-reference-too-long = La référence a plus de 200 caractères
list-no-room = Le panier aurait plus de 2000 lignes
list-title = Importer une liste
list-paste = Coller une liste
list-paste-hint = Une ligne par article : code EAN, quantité, référence. Une sélection copiée d'un tableur convient.
list-file = Ou choisir un fichier
list-file-hint = CSV, XLSX ou ODS, 1 Mo et 5 000 lignes au plus.
list-check = Vérifier la liste
list-back = Retour au panier
list-how = Comment la liste est lue
list-how-columns = Les colonnes sont reconnues à leur en-tête (EAN ou ISBN, Quantité, Référence), dans n'importe quel ordre, ou à leur contenu. Sans quantité, c'est un exemplaire. Rien n'est ajouté avant que vous l'ayez vu.
list-how-excel = Dans un tableur, donnez à la colonne des codes EAN le format Texte : sinon les derniers chiffres peuvent se perdre (9,78E+12).
list-good = { $count ->
    [0] Aucune ligne ne peut être ajoutée
    [one] { $count } ligne peut être ajoutée
   *[other] { $count } lignes peuvent être ajoutées
}
list-bad = { $count ->
    [one] { $count } ligne à corriger
   *[other] { $count } lignes à corriger
}
list-added = { $count ->
    [one] { $count } ligne a été ajoutée au panier. Le reste est à corriger.
   *[other] { $count } lignes ont été ajoutées au panier. Le reste est à corriger.
}
list-read = Lu ainsi :
list-read-header = en-tête à la ligne { $count }
list-read-ean = code EAN dans la colonne { $count }
list-read-quantity = quantité dans la colonne { $count }
list-read-reference = référence dans la colonne { $count }
list-take = Ajouter
list-take-line = Ajouter la ligne { $count }
list-line = Ligne
list-untitled = titre inconnu
list-verdict = Vérification
list-together = y compris ligne { $lines }
list-mend = Lignes à corriger
list-rest = Code EAN ; quantité ; référence
list-rest-hint = Corrigez ici, puis « Vérifier de nouveau ». Ce qui reste ici n'est pas ajouté et n'est pas perdu.
list-add = Ajouter les lignes cochées
list-again = Vérifier de nouveau
list-other = Autre liste
notice-list-added = Les lignes cochées ont été ajoutées au panier.

# Copier un panier ou une commande.

copy-basket = Copier dans un nouveau panier
copy-order = Commander de nouveau
copy-of-basket = Copie du panier n° { $number }
copy-of-order = D'après la commande n° { $number }
copied-title = Panier copié
copied-whole = Toutes les lignes ont été copiées, aux prix d'aujourd'hui.
copied-missing = { $count ->
    [one] { $count } article n'est plus au catalogue : il n'a pas été copié. Les autres lignes sont aux prix d'aujourd'hui.
   *[other] { $count } articles ne sont plus au catalogue : ils n'ont pas été copiés. Les autres lignes sont aux prix d'aujourd'hui.
}
copied-see = Voir le nouveau panier
notice-basket-copied = Les lignes ont été copiées dans ce nouveau panier, aux prix d'aujourd'hui.

# À savoir avant d'aller plus loin. Rien n'empêche de continuer.

warning-title = À savoir
warning-ordered = Déjà commandé le { $day } : commande n° { $number }, { $count ->
    [one] { $count } exemplaire
   *[other] { $count } exemplaires
}
warning-received = Déjà reçu : commande n° { $number } du { $day }, { $count ->
    [one] { $count } exemplaire
   *[other] { $count } exemplaires
}
warning-in-basket = Déjà dans le panier n° { $number } de { $owner }, envoyé le { $day } : { $count ->
    [one] { $count } exemplaire
   *[other] { $count } exemplaires
}
warning-in-own-draft = Déjà dans votre panier n° { $number } : { $count ->
    [one] { $count } exemplaire
   *[other] { $count } exemplaires
}
warning-not-orderable = Disponibilité annoncée : { $availability }
warning-gone = N'est plus au catalogue de votre librairie
warning-price-changed = Le prix a changé : { $old } à l'ajout, { $new } aujourd'hui
warning-discount-changed = La remise a changé : { $old } % à l'ajout, { $new } % aujourd'hui
warning-above-cap = Remise au-delà du plafond de { $percent } % : { $law }
law-france-art-1 = loi du 10 août 1981, art. 1
law-france-art-3 = loi du 10 août 1981, art. 3
law-flanders = décret flamand du 23 décembre 2016
law-french-community = décret de la Communauté française du 19 octobre 2017
rate-capped = Remise plafonnée à { $percent } % : { $law }
warning-more = { $count ->
    [one] … et { $count } autre ligne
   *[other] … et { $count } autres lignes
}
