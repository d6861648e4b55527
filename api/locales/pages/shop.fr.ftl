# La librairie elle-même : ce qu'elle règle pour tous ses clients.

menu-shop = Ma librairie
shop-registration = Demandes de comptes
shop-registration-open = Chacun peut demander un compte B2B
shop-registration-closed = La librairie seule crée les comptes
shop-registration-lead = Une demande n'ouvre rien d'elle-même : vous l'accordez ou la refusez. Les demandes reçues restent, quand vous fermez cette possibilité.
shop-registration-close = Fermer les demandes
shop-registration-reopen = Ouvrir les demandes
shop-groups = Groupes d'acheteurs
shop-groups-lead = Chaque compte est dans un groupe et un seul ; la page du compte le change.
shop-group-name = Nom du groupe *
shop-group-default = Nouveaux comptes
shop-group-rename = Renommer le groupe
shop-group-prefer = Y placer les nouveaux comptes
shop-group-new = Ajouter un groupe
shop-group-new-button = Créer le groupe
shop-establishments = Points de vente
notice-shop-changed = Les réglages de la librairie sont enregistrés.
