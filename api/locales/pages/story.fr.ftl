# L'histoire d'un panier.

story-title = Histoire du panier n° { $number }
story-basket = Le panier
story-lasting = en cours
story-passage = Le passage par les rôles
story-picture = Passage du panier par les rôles, étape par étape
story-scale = La longueur des traits grandit avec la durée sans lui être proportionnelle : les durées sont écrites. Les mêmes faits sont dans le tableau ci-dessous.
story-waits = Temps passé chez chaque rôle
story-returns = Allers-retours
story-steps = Les étapes
story-step = Étape
story-who = Par
story-when = Le
story-waited = Attente avant
story-see = Tel qu'il était (étape { $count })
story-since-last = Depuis la dernière étape
story-link = Histoire du panier
story-bookshop = Librairie
story-role-service = Service

turn-opened = Ouvert
turn-sent = Envoyé à l'approbateur
turn-validated = Validé, transmis à la collectivité
turn-returned-to-requester = Retourné à l'utilisateur
turn-returned-to-approver = Retourné à l'approbateur
turn-returned-to-purchaser = Retourné à la collectivité
turn-unlocked = Déverrouillé
turn-taken-over = Repris par un collègue
turn-quoted = Transformé en demande de devis
turn-ordered = Transformé en commande
turn-discarded = Supprimé

span-days = { $count ->
    [one] { $count } jour
   *[other] { $count } jours
}
span-hours = { $count } h
span-minutes = { $count } min
span-moment = moins d'1 min

changes-added = { $count ->
    [one] { $count } titre ajouté
   *[other] { $count } titres ajoutés
}
changes-removed = { $count ->
    [one] { $count } titre retiré
   *[other] { $count } titres retirés
}
changes-changed = { $count ->
    [one] { $count } modification
   *[other] { $count } modifications
}
changes-more = { $count ->
    [one] et un autre titre
   *[other] et { $count } autres titres
}
fate-added = Ajouté
fate-removed = Retiré
fate-changed = Modifié
line-copies = { $count ->
    [one] { $count } exemplaire
   *[other] { $count } exemplaires
}
difference-quantity = exemplaires : { $values }
difference-reference = référence : { $values }
difference-price = prix unitaire TTC : { $values }
difference-discount = remise : { $values }
difference-none = aucune

then-title = Le panier n° { $number } tel qu'il était
then-at = Le { $moment }
then-after-step = après l'étape { $count }
then-neighbours = Autres étapes
then-step = Étape { $count }
then-back = Toute l'histoire
then-lines = Ses lignes ce jour-là
then-empty = Le panier était vide.
then-line-since = Depuis
then-now = Sous-total TTC aujourd'hui : { $amount }
then-since = Ce qui a changé depuis
then-same = Rien n'a changé depuis : les lignes sont les mêmes aujourd'hui.
since-removed = retiré depuis
since-same = inchangé
