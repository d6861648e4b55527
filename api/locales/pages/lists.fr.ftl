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
