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
since = depuis le
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
basket-shop = Continuer mes achats
basket-stale = Ce panier a changé entre-temps
basket-stale-detail = Quelqu'un l'a modifié depuis que vous l'avez ouvert. Le voici tel qu'il est maintenant : vérifiez-le, puis recommencez.
basket-elsewhere = Ce panier n'est plus à cette étape
basket-elsewhere-detail = Quelqu'un a été plus rapide, ou vous l'aviez déjà fait. Le voici tel qu'il est maintenant.
step-place-order = Transformer ce panier en commande
step-request-quote = Transformer ce panier en demande de devis
step-validate = Transmettre ce panier à la collectivité
step-validate-as-purchaser = Valider ce panier
step-send = Envoyer ce panier à l'approbateur
step-take-over = Reprendre ce panier à mon nom
step-unlock = Déverrouiller le panier
step-return = Retourner ce panier au rôle précédent
step-return-button = Retourner le panier
step-comment = Commentaire
step-word = Ajouter un commentaire
step-reprice = Actualiser les prix
step-rename = Renommer
step-discard = Supprimer ce panier
step-discard-sure = Supprimer « { $name } » et toutes ses lignes ? Vous ne pourrez pas revenir en arrière.
step-discard-button = Supprimer définitivement
entry-title = Ajouter un article
entry-ask = EAN ou titre
entry-hint = Scannez ou tapez un EAN, puis Entrée ; des mots lancent la recherche.
entry-find = Chercher
entry-add = Ajouter au panier
cancel = Annuler
availability-withdrawn = Retiré du catalogue
lines-empty-fill = Ce panier est vide. Scannez ou tapez un premier EAN ci-dessus.
lines-save = Enregistrer
lines-saved = Enregistré
lines-not-saved = Non enregistré : utilisez « Enregistrer ».
line-remove = Retirer
line-changed-since = Modifié entre-temps par quelqu'un d'autre : { $now }. Enregistrez à nouveau pour garder votre saisie.
