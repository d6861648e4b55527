# Les lettres du service. Espaces insécables devant : ; ! ? et dans les guillemets.

greeting = Bonjour { $name },
greeting-nameless = Bonjour,
signature = { $shop }
automatic = Ce message est envoyé automatiquement : merci de ne pas y répondre.
link-once = Si le bouton ne s’ouvre pas, copiez cette adresse dans votre navigateur :

first-password = Votre compte chez { $shop }
    .body = Un compte vous attend chez { $shop }. Choisissez votre mot de passe pour vous en servir.
    .note = Ce lien sert une seule fois, pendant sept jours.
    .action = Choisir mon mot de passe

reset-password = Mot de passe oublié
    .body = Un nouveau mot de passe a été demandé pour votre compte chez { $shop }.
    .note = Ce lien sert une seule fois, pendant trente minutes. Si vous n’avez rien demandé, ignorez ce message : votre mot de passe reste le même.
    .action = Choisir un nouveau mot de passe

order-available = Votre commande n° { $number } est prête
    .body = Votre commande n° { $number } est complète : elle vous attend à la librairie.
    .action = Voir la commande

order-shipped = Votre commande n° { $number } est expédiée
    .body = Votre commande n° { $number } vient d’être expédiée.
    .tracking = Numéro de suivi : { $tracking }
    .action = Voir la commande

order-message = Un message au sujet de votre commande n° { $number }
    .body = { $shop } vous écrit au sujet de votre commande n° { $number } :
    .action = Voir la commande

confirm-address = Confirmez votre nouvelle adresse
    .body = Vous avez demandé à utiliser cette adresse pour votre compte chez { $shop }. Confirmez-la pour vous en servir.
    .note = Ce lien sert une seule fois, pendant vingt-quatre heures. Si vous n’avez rien demandé, ignorez ce message.
    .action = Confirmer cette adresse

address-change-asked = Une autre adresse de connexion est demandée
    .body = Une autre adresse a été demandée pour vous connecter à votre compte chez { $shop }. Celle-ci reste valable tant que l’autre n’est pas confirmée.
    .note = Si vous n’avez rien demandé, choisissez tout de suite un nouveau mot de passe : cela arrête le changement. Puis prévenez la librairie.

address-changed = Votre adresse de connexion a changé
    .body = L’adresse de votre compte chez { $shop } n’est plus celle-ci. Si vous ne l’avez pas demandé, prévenez la librairie sans attendre.

registration-received = Une demande de compte vous attend
    .body = Quelqu’un demande un compte chez { $shop }. Sa demande attend votre accord.
    .action = Voir la demande

account-approved = Votre compte est ouvert
    .body = Votre compte chez { $shop } est ouvert.
    .action = Me connecter

account-declined = Votre demande de compte
    .body = { $shop } n’a pas pu donner suite à votre demande de compte.
    .note = Vous pouvez la corriger et demander de nouveau.
    .action = Voir ma demande

prove-login = Confirmez votre adresse
    .body = Un compte a été demandé chez { $shop } avec cette adresse. Confirmez qu’elle est la vôtre : votre mot de passe reste alors le même quand le compte est ouvert.
    .note = Ne confirmez que si vous avez choisi vous-même le mot de passe. Ce lien sert une seule fois. Si vous n’avez rien demandé, ignorez ce message : personne d’autre ne se servira d’un compte à votre adresse.
    .action = Confirmer mon adresse

login-known = Vous avez déjà un compte
    .body = Quelqu’un vient de donner cette adresse pour un compte chez { $shop }, où elle en a déjà un. Si c’était vous, connectez-vous ; si vous avez oublié le mot de passe, choisissez-en un autre.
    .note = Si ce n’était pas vous, ignorez ce message : rien n’a changé.
    .action = Choisir un autre mot de passe

inactive-account = Votre compte sera bientôt supprimé
    .body = Vous ne vous êtes pas connecté depuis longtemps à votre compte chez { $shop }. Sans connexion de votre part dans les { $days } jours, il sera supprimé avec vos données.
    .note = Pour le garder, il suffit de vous connecter.
    .action = Me connecter

account-message = Un message de { $shop }
    .body = { $shop } vous écrit au sujet de votre compte :
    .action = Ouvrir mon compte
