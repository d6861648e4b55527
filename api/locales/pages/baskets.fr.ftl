# Les paniers.

tray-mine = Mon panier
tray-sent = Paniers envoyés
tray-to-validate = Paniers à valider
tray-validated = Paniers validés
tray-passed-on = Paniers envoyés/validés par la collectivité
tray-empty-mine = Aucun panier en préparation. « Nouveau panier » en ouvre un.
tray-empty-sent = Aucun panier en chemin. Un panier que vous envoyez apparaît ici jusqu'à sa commande.
tray-empty-to-validate = Rien à valider. Les paniers qu'on vous envoie arrivent ici.
tray-empty-validated = Aucun panier validé pour le moment.
basket-new = Nouveau panier
basket-open = Ouvrir le panier
basket-number = N°
basket-name = Nom du panier
basket-name-hint = Pour le retrouver ; vous pourrez le changer.
basket-institution = Client
basket-owner = Préparé par
basket-place = Où il en est
basket-copies = Exemplaires
basket-total = Sous-total TTC
unnamed = sans nom
since-days = { $count ->
    [one] depuis { $count } jour
   *[other] depuis { $count } jours
}
place-drafting-by-you = En préparation chez vous
place-drafting = En préparation chez { $owner }
place-returned-to-you = Retourné : à vous de le reprendre
place-returned = Retourné à { $owner }
place-at-you = À valider : à vous d'agir
place-at-approver = À valider par l'approbateur
place-at-purchaser = À valider par la collectivité
place-quote = Transformé en demande de devis
place-order = Transformé en commande
place-discarded = Supprimé
basket-numbered = Panier n° { $number }
basket-returned = Retour
basket-returned-by = Retourné par { $name } le
basket-lines = Lignes du panier
basket-document = Voir le document
lines-count = { $count ->
    [one] { $count } ligne
   *[other] { $count } lignes
}
copies-count = { $count ->
    [one] { $count } exemplaire
   *[other] { $count } exemplaires
}
lines-empty = Ce panier est vide.
line-title = Titre
line-by = Auteur · Éditeur
line-ean = Référence
line-reference = Réf. de ligne
line-quantity = Quantité
line-price-excl = Prix HT
line-price-incl = Prix TTC
line-discount = Remise
line-total = Total TTC
totals-discount = Remise totale TTC
totals-excl = Sous-total HT
totals-vat-at = TVA à { $rate }
totals-vat-base = sur { $base }
totals-vat = Total TVA
totals-incl = Sous-total TTC
