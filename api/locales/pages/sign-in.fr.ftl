# Connexion et mots de passe.

sign-in-title = Connexion
sign-in-email = Email
sign-in-password = Mot de passe
sign-in-code = Code à usage unique
sign-in-shop = Librairie
sign-in-button = Se connecter
clear-title = Connexion non protégée
clear-detail = Cette page est arrivée sans https : un mot de passe pourrait être lu en chemin. Ouvrez-la par son adresse en https.
clear-operator = Si vous exploitez ce service derrière un proxy en https : le proxy doit envoyer X-Forwarded-Proto, et BORDEREAU_TRUSTED_PROXIES doit le nommer, sauf s’il est sur la même machine.
password-title = Choisir un mot de passe
password-lead = Ce lien sert une seule fois. Vous vous connecterez ensuite avec votre adresse et ce mot de passe.
password-new = Nouveau mot de passe
password-hint = De 10 à 200 caractères.
password-confirmation = Confirmation
password-current = Mot de passe actuel
password-button = Enregistrer le mot de passe
forgotten-title = Mot de passe oublié
forgotten-lead = Indiquez votre adresse : si elle est celle d'un compte actif, vous y recevrez un lien pour choisir un nouveau mot de passe.
forgotten-button = Recevoir un lien
login-title = Confirmer votre adresse
login-lead = Ce lien sert une seule fois et montre que cette adresse est la vôtre. Vous vous connecterez avec elle.
login-button = Confirmer cette adresse
sign-in-password-again = Retapez aussi votre mot de passe.
