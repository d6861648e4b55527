# Avant de demander un devis ou de commander.

checkout-quote-heading = FINALISER LA DEMANDE DE DEVIS COLLECTIVITÉ
checkout-order-heading = FINALISER LA COMMANDE COLLECTIVITÉ
checkout-quote-form = Votre demande
checkout-order-form = Votre commande
checkout-quote-button = Valider la demande de devis collectivité
checkout-order-button = Valider la commande collectivité
checkout-reference = Référence collectivité *
checkout-reference-hint = Obligatoire : le numéro ou le nom sous lequel vous suivez cet achat.
checkout-comment-hint = Vous pouvez laisser un commentaire ici avec votre commande (si besoin)
checkout-coordinates = Vos coordonnées
checkout-addresses = Adresses
checkout-contact = Demandé par
checkout-basket = Votre panier
checkout-more = { $count ->
    [one] et { $count } autre ligne : voir le panier
   *[other] et { $count } autres lignes : voir le panier
}
checkout-changed = Prix modifiés depuis l'ajout
checkout-old = Ancien total
checkout-new = Nouveau total
checkout-difference = Différence
checkout-reprice = Actualiser les prix et continuer
