# Les clients collectivités de la librairie, et les règles que la librairie fixe pour eux.

menu-institutions = Clients
institutions-all = Gestion des clients collectivités
institutions-mine = Clients affectés
institutions-search = Nom, localité ou N° Librisoft
institutions-see = Voir détail de { $name }
institutions-none-found = Aucun client n'a ce nom, cette localité ni ce numéro.
institutions-all-empty = Aucun client. Ils viennent de Librisoft : cochez « Client collectivité » sur leur fiche, puis lancez la synchronisation.
institutions-mine-empty = Aucun client ne vous est affecté. La librairie ou votre collectivité s'en charge.
institution-number = N° Librisoft
institution-client = Client
institution-city = Localité
institution-discounts = Remises
institution-state = État
institution-discount-school = Remise scolaire : { $rate }
institution-discount-2-1 = Remise à 2.1 : { $rate }
institution-discount-5-5 = Remise à 5.5 : { $rate }
institution-discount-20 = Remise à 20.0 : { $rate }
institution-cap-lifted = La librairie a justifié une remise au-delà du plafond légal.
institution-open = Client actif
institution-blocked = Client bloqué
institution-withdrawn = Retiré de Librisoft
institution-closed-lead = Les paniers se préparent encore ; rien n'est envoyé, validé ni commandé. Les commandes passées suivent leur cours.
institution-two-persons = Deux personnes exigées
institution-accounts = Voir ses comptes
institution-rule = Règle des deux personnes
institution-rule-on = Deux personnes sont exigées : personne ne valide ni ne commande seul un panier qui est le sien.
institution-rule-off = Une seule personne suffit : chacun va jusqu'où son rôle le permet, aussi pour son propre panier.
institution-rule-whose = La librairie fixe cette règle : adressez-vous à elle pour la changer.
institution-rule-lead = La librairie seule fixe cette règle : ceux qu'elle lie ne peuvent pas la lever. Elle vaut aussitôt, aussi pour les paniers en route.
institution-rule-set = Exiger deux personnes
institution-rule-lift = Ne plus exiger deux personnes
institution-rule-sure = Une personne pourra alors valider et commander seule ses propres paniers.
institution-rule-lift-button = Oui, lever la règle
institution-payment = Paiement des commandes
institution-payment-on = Payer après la livraison permis : les commandes facturées à ce client se règlent sur facture.
institution-payment-off = Payer après la livraison n'est pas permis : les commandes facturées à ce client se règlent en ligne.
institution-payment-whose = La librairie accorde le paiement après livraison : adressez-vous à elle pour le changer.
institution-payment-lead = La librairie seule en décide. Cela vaut aussitôt pour les commandes à passer, par facture comme par Chorus Pro ; celles qui sont passées suivent leur cours.
institution-payment-set = Permettre de payer après la livraison
institution-payment-lift = Ne plus permettre de payer après la livraison
institution-payment-sure = Ce client ne pourra plus commander que par paiement en ligne.
institution-payment-lift-button = Oui, ne plus le permettre
institution-kind = Nature
institution-kind-library = Bibliothèque ouverte au public
institution-kind-school = Établissement d'enseignement
institution-kind-other = Autre collectivité
institution-vat = TVA
institution-vat-exempt = Facturation exonérée de TVA
institution-addresses = Adresses de livraison
institution-source = Ces informations viennent de Librisoft et s'y modifient.
notice-two-persons-demanded = Deux personnes sont désormais exigées.
notice-two-persons-lifted = Deux personnes ne sont plus exigées.
notice-payment-after-delivery-allowed = Le paiement après livraison est désormais permis.
notice-payment-after-delivery-refused = Le paiement après livraison n'est plus permis.
accounts-of = Comptes de
accounts-of-all = Voir les comptes de tous les clients
clients-find = Chercher un client
clients-choose = — Choisissez —
clients-more = Plus de { $count } clients : précisez ce que vous cherchez.
clients-others = { $count ->
    [one] et { $count } autre client
   *[other] et { $count } autres clients
}
clients-unseen = { $count ->
    [one] { $count } autre client reste affecté sans être montré ici.
   *[other] { $count } autres clients restent affectés sans être montrés ici.
}
send = Envoyer
