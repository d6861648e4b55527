# Les comptes des collectivités, et ceux qui sont demandés.

accounts-title = Aperçu des utilisateurs
accounts-search = Nom ou adresse
accounts-active = Comptes actifs
accounts-inactive = Comptes inactifs
accounts-requested = En attente de confirmation
accounts-declined = Demandes refusées
accounts-private = Sans compte B2B
accounts-empty = Aucun compte dans cet onglet.
accounts-none-found = Aucun compte de cet onglet n'a ce nom ni cette adresse.
accounts-see = Voir détail de { $name }
accounts-lacking = Le compte client { $number } comporte un utilisateur sans approbateur, ou un approbateur sans collectivité.
accounts-lacking-more = { $count ->
    [one] { $count } autre client est dans ce cas.
   *[other] { $count } autres clients sont dans ce cas.
}
accounts-join = Ajouter un utilisateur existant
accounts-join-hint = L'adresse de son compte dans cette librairie.
accounts-join-role-hint = Sans choix, ses droits restent ce qu'ils sont.
accounts-join-button = Ajouter

account-form-title = Ajouter un compte collectivité
account-form-email = Email *
account-form-name = Nom *
account-form-role = Droits *
account-form-institutions = Client(s) affecté(s) *
account-form-institution = Client affecté *
account-form-establishment = Librairie affectée *
account-form-first-password = Premier mot de passe
account-form-password-link = Un lien envoyé par courriel lui permet de le choisir
account-form-password-typed = Je le saisis ici et je le lui remets
account-form-password = Mot de passe *
account-form-password-hint = Seulement si vous le saisissez ici : 10 à 200 caractères.
account-form-confirmation = Confirmation *
account-form-button = Créer le compte

account-status-requested = En attente de confirmation
account-status-active = Compte actif
account-status-inactive = Compte inactivé
account-status-declined = Demande refusée
account-status-private = Sans compte B2B
account-locked = Verrouillé jusqu'au { $moment } après des mots de passe faux
account-since = Depuis le
account-last-message = Dernier message de la librairie
account-assign = Droits et clients
account-assign-button = Enregistrer
account-reactivate = Réactiver le compte
account-unlock = Déverrouiller le compte
account-send-link = Envoyer un lien pour le mot de passe
account-close = Désactiver le compte
account-close-lead = Ses sessions se ferment, ses paniers restent ; ses collègues peuvent les reprendre.
account-close-sure = Cette personne ne pourra plus se connecter tant que le compte n'est pas réactivé.
account-close-button = Oui, désactiver
account-message = Message
account-message-title = Écrire à cette personne
account-message-button = Envoyer le message
account-approve = Accorder le compte
account-approve-button = Accorder
account-decline = Refuser la demande
account-decline-button = Refuser

registration-title = Créer un compte B2B
registration-lead = La librairie examine votre demande. Vous pouvez vous connecter aussitôt ; vos paniers s'ouvrent avec son accord.
registration-closed = Cette librairie ouvre elle-même les comptes : adressez-vous à elle.
registration-shop = Librairie
registration-company = Nom de l'entreprise *
registration-vat-number = Numéro de TVA *
registration-chamber-number = Chambre de Commerce
registration-department = Département
registration-name = Votre nom *
registration-button = Envoyer la demande
waiting-title = Votre compte attend l'accord de la librairie
waiting-lead = Vous êtes connecté, mais rien ne peut encore être commandé. La librairie vous écrit dès qu'elle a répondu.
waiting-declined-title = Votre demande n'a pas été acceptée
waiting-declined-lead = Corrigez ce qui manque, puis demandez de nouveau.
waiting-message = Message de la librairie
waiting-again = Demander de nouveau
waiting-private-title = Vous n'avez pas de compte B2B
waiting-private-lead = Votre compte existe, mais il n'est lié à aucune institution. Demandez un compte B2B pour préparer des paniers.
menu-accounts = Aperçu des utilisateurs
notice-account-unlocked = Le compte est déverrouillé.
