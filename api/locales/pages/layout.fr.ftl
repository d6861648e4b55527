# Ce qui entoure toutes les pages.

skip = Aller au contenu
menu = Menu principal
menu-mine = Mon panier
menu-to-validate = Paniers à valider
menu-passed-on = Paniers envoyés/validés par la collectivité
menu-validated = Paniers validés
on-behalf-of = pour le compte de { $name }
menu-account = Mon compte client
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

notice-signed-out = Vous êtes déconnecté.
notice-password-set = Votre mot de passe est enregistré : connectez-vous.
notice-password-changed = Votre mot de passe est changé ; vos autres sessions sont fermées.
notice-link-asked = Si cette adresse est celle d'un compte actif, un message y est envoyé. Son lien sert une fois, pendant trente minutes.
notice-login-confirmed = Votre nouvelle adresse est confirmée : connectez-vous avec elle.
notice-basket-opened = Le panier est ouvert.

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
notice-basket-saved = Les modifications sont enregistrées.
notice-line-added = L'article est dans le panier.
notice-line-removed = La ligne est retirée.
notice-basket-renamed = Le panier est renommé.
notice-basket-discarded = Le panier est supprimé.
notice-basket-sent = Le panier est envoyé à l'approbateur.
notice-basket-validated = Le panier est transmis à la collectivité.
notice-basket-unlocked = Le panier est déverrouillé : vous pouvez le modifier.
notice-basket-given-back = Le panier est retourné.
notice-basket-taken-over = Le panier est à votre nom.
notice-basket-repriced = Le panier est aux prix du jour.
notice-quote-requested = La demande de devis est envoyée.
notice-order-placed = La commande est passée.
pages-previous = Page précédente
