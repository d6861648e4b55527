# Ce qui entoure toutes les pages.

skip = Aller au contenu
menu = Menu principal
menu-mine = Mon panier
menu-to-validate = Paniers à valider
menu-passed-on = Paniers envoyés/validés par la collectivité
menu-validated = Paniers validés
on-behalf-of = pour le compte de { $name }
menu-account = Mon compte client
menu-quotes = Mes devis collectivités
menu-orders = Mes commandes collectivités
menu-quotes-all = Gestion des devis collectivité
menu-orders-all = Gestion des commandes collectivité
sign-out = Déconnexion
languages = Langue des pages
tabs = Onglets
pages = Pages de la liste
pages-next = Page suivante
optional = (facultatif)
erased = compte supprimé
back-to-start = Revenir à l'accueil
trace = Pour nous en parler :

role-requester = Utilisateur
role-approver = Approbateur
role-purchaser = Collectivité
role-bookseller = Libraire
role-auditor = Auditeur
role-librisoft = Librisoft
role-integrator = Programme
role-buyer = Souscripteur
role-system = Traitement automatique

notice-signed-out = Vous êtes déconnecté.
notice-password-set = Votre mot de passe est enregistré : connectez-vous.
notice-password-changed = Votre mot de passe est changé ; vos autres sessions sont fermées.
notice-link-asked = Si cette adresse est celle d'un compte actif, un message y est envoyé. Son lien sert une fois, pendant trente minutes.
notice-login-confirmed = Votre nouvelle adresse est confirmée : connectez-vous avec elle.
notice-basket-opened = Le panier est ouvert.
notice-quote-accepted = Le devis est accepté : voici la commande.
notice-quote-refused = Le devis est refusé.

start-title = Accueil
start-baskets = Paniers
start-quotes = Devis
start-quotes-current = En cours
start-quotes-archived = Archivés
start-orders = Commandes
start-orders-pending = En attente de traitement
start-orders-processing = En cours de traitement
start-orders-closed = Clôturées
start-orders-cancelled = Annulées
yours = À vous d'agir
