# Devis et commandes des collectivités.

quotes-mine = Mes devis collectivités
quotes-all = Gestion des devis collectivité
quotes-search = Sélectionnez un numéro du devis ou une référence
quotes-current = Devis en cours
quotes-archived = Devis archivés
quotes-current-empty = Aucun devis en cours. Un panier transformé en demande de devis apparaît ici.
quotes-archived-empty = Aucun devis archivé. La librairie archive les devis dont plus rien n'est attendu.
quotes-none-found = Aucun devis n'a ce numéro ni cette référence dans cet onglet.
quotes-number = N°
quotes-created-by = Panier créé par
quotes-requested-at = Date de demande du devis
quotes-copies = Nombre de produits
quotes-excl-tax = Sous-total HT
quotes-incl-tax = Total TTC
quotes-status = Statut
list-actions = Actions
list-see = Voir détail
quote-see = Voir détail du devis n° { $number }
search-button = Rechercher
search-clear = Vider le filtre

quote-status-requested = Devis en attente de traitement
quote-status-collected = Devis récupéré par le libraire
quote-status-answered = Réponse de la librairie reçue
quote-status-accepted = Devis accepté
quote-status-refused = Devis refusé
quote-status-expired = Devis expiré
quote-status-archived = Devis archivé

quote-title = Devis n° { $number }
quote-place-requested = Devis en attente de traitement : la librairie doit le récupérer.
quote-place-collected = Devis récupéré par le libraire : la librairie doit y répondre.
quote-place-yours = La librairie a répondu : à vous d'accepter ou de refuser, jusqu'au { $day } inclus.
quote-place-answered = La librairie a répondu : la collectivité doit accepter ou refuser, jusqu'au { $day } inclus.
quote-place-accepted = Devis accepté : il est devenu une commande.
quote-place-refused = Devis refusé par la collectivité.
quote-place-expired = Devis expiré : ses prix valaient jusqu'au { $day } inclus.
quote-place-archived = Devis archivé par la librairie.
quote-order = Voir la commande
quote-accept = Accepter ce devis
quote-accept-lead = Le devis devient une commande, aux prix qu'il indique et sous sa référence.
quote-accept-button = Accepter et commander
quote-refuse = Refuser ce devis
quote-refuse-lead = Un devis refusé ne peut plus être accepté.
quote-refuse-comment = Commentaire pour la librairie
quote-refuse-button = Refuser le devis
quote-valid-until = Valable jusqu'au
asked = Demandé :

document-about = Informations
document-origin = Panier d'origine n°{ $number } ({ $name })
document-client = Client
document-reference = Référence collectivité
document-librisoft-number = N° Librisoft
document-comment = Commentaire
document-lines = Articles
document-copies = { $count ->
    [one] { $count } exemplaire
   *[other] { $count } exemplaires
}
document-history = Historique

line-article = Titre
line-publisher = Éditeur
line-quantity = Quantité
line-unit-excl-tax = Prix unitaire HT
line-unit-incl-tax = Prix unitaire TTC
line-discount-rate = Remise %
line-discount = Remise TTC
line-total = Total TTC
line-reference = Votre référence : { $value }
line-availability = Disponibilité
line-availability-1 = Disponible
line-availability-2 = Pas encore paru
line-availability-3 = Réimpression en cours
line-availability-4 = Provisoirement non disponible
line-availability-5 = Ne sera plus distribué par nous
line-availability-6 = Arrêt définitif de commercialisation
line-availability-7 = Manque sans date
line-availability-8 = À reparaître
line-availability-9 = Abandon de parution
line-not-reported = Pas encore indiquée
line-deferred = À reporter
line-in-stock = { $count ->
    [0] aucun en stock
    [one] { $count } en stock
   *[other] { $count } en stock
}
line-expected = attendu le { $day }

totals-title = Totaux
totals-vat-rate = Taux de TVA
totals-vat-base = Base HT
totals-vat-amount = TVA
totals-discount = Remise totale TTC
totals-excl-tax = Sous-total HT
totals-vat = Total TVA
totals-incl-tax = Sous-total TTC
totals-shipping = Frais de port
totals-total = Total TTC

orders-mine = Mes commandes collectivités
orders-all = Gestion des commandes collectivité
orders-filter = Filtrer les commandes
orders-any = Toutes les possibilités
orders-number = N° de commande / N° Librisoft
orders-eans = Sélectionnez vos codes EAN
orders-from = Période : Date de départ
orders-to = Période : Date de fin
orders-pending = En attente de traitement
orders-processing = En cours de traitement
orders-closed = Clôturée
orders-cancelled = Annulée
orders-empty = Aucune commande. Un panier validé ou un devis accepté devient une commande.
orders-none-found = Aucune commande de cet onglet ne répond à ce filtre.
orders-column-number = N°
orders-date = Date
orders-client = Client
orders-total = Total TTC
orders-payment = Mode de paiement et statut
orders-establishment = Librairie en charge de la commande
order-see = Voir détail de la commande n° { $number }

order-title = Commande n° { $number }
order-status = Statut
order-status-pending = En attente de traitement
order-status-processing = En cours de traitement
order-status-available = Mise à disposition
order-status-shipped = Expédiée
order-status-closed = Clôturée
order-status-cancelled = Annulée
supply-awaiting_supplier = Attente fournisseur(s)
supply-in_preparation = Préparation de commande
order-place-pending = En attente de traitement : la librairie doit relever la commande.
order-place-processing = En cours de traitement : la librairie prépare la commande.
order-place-available = Mise à disposition : la commande est à retirer en librairie.
order-place-shipped = Expédiée : la commande est en route.
order-place-closed = Clôturée : plus rien n'est attendu.
order-place-cancelled = Annulée par la librairie.
order-messages = Messages de la librairie
order-created-by = Envoyée par
order-quote = Devis d'origine
order-justification = Justification de la remise
erased-text = texte supprimé

terms-delivery-mode = Mode de livraison
terms-delivered-to = Client livré
terms-billed-to = Client facturé
terms-address = Adresse de livraison
terms-address-hint = Sans effet pour un retrait en librairie.
terms-address-first = Première adresse du client livré
terms-payment-mode = Mode de paiement
terms-cost-centre = Centre de coût
delivery-mode-pickup = Retrait en librairie
delivery-mode-delivery = Livraison
payment-mode-invoice = Sur facture
payment-mode-chorus = Chorus Pro
payment-mode-online = Paiement en ligne

step-QuoteRequested = Devis demandé
step-QuotePushedToLibrisoft = Récupéré par le libraire
step-QuoteAnswered = Réponse de la librairie
step-QuoteAccepted = Accepté
step-QuoteRefused = Refusé
step-QuoteExpired = Expiré
step-QuoteArchived = Archivé
step-OrderPlaced = Commande envoyée
step-OrderPushedToLibrisoft = Relevée par Librisoft
step-OrderLinesReported = Disponibilités indiquées
step-OrderMadeAvailable = Mise à disposition
step-OrderShipped = Expédiée
step-OrderClosed = Clôturée
step-OrderCancelled = Annulée
step-OrderCancellationPushedToLibrisoft = Annulation relevée par Librisoft
step-OrderStatusReset = Statut réinitialisé
step-OrderMessageSent = Message envoyé au client
detail-librisoft-number = N° Librisoft { $value }
detail-valid-until = valable jusqu'au { $value } inclus
detail-tracking = N° de suivi { $value }
