# Importer une liste dans un panier.

list-ready = Peut être ajouté
list-not-orderable = Ajout possible, mais : { $availability }
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
availability-1 = disponible
availability-2 = pas encore paru
availability-3 = réimpression en cours
availability-4 = provisoirement non disponible
availability-5 = ne sera plus distribué par nous
availability-6 = arrêt définitif de commercialisation
availability-7 = manque sans date
availability-8 = à reparaître
availability-9 = abandon de parution
