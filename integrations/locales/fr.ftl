# Les lettres du service. Espaces insécables devant : ; ! ? et dans les guillemets.

greeting = Bonjour { $name },
greeting-nameless = Bonjour,
signature = { $shop }
automatic = Ce message est envoyé automatiquement : merci de ne pas y répondre.
link-once = Si le bouton ne s’ouvre pas, copiez cette adresse dans votre navigateur :

first-password = Votre compte chez { $shop }
    .body = Un compte a été ouvert pour vous chez { $shop }. Choisissez votre mot de passe pour vous en servir.
    .note = Ce lien sert une seule fois, pendant sept jours.
    .action = Choisir mon mot de passe

reset-password = Mot de passe oublié
    .body = Vous avez demandé un nouveau mot de passe pour votre compte chez { $shop }.
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
