# Mes données : les télécharger, supprimer son compte.

privacy-title = Mes données
privacy-link = Mes données et la suppression de mon compte
privacy-data = Télécharger mes données
privacy-data-lead = Un fichier ZIP avec tout ce que nous savons de vous : une page à lire, un tableau et les données brutes.
privacy-data-button = Télécharger mes données
privacy-leave = Supprimer mon compte B2B
privacy-leave-lead = Votre compte est conservé, mais toutes les données B2B sont supprimées, tout de suite et pour toujours.
privacy-leave-gone = Disparaissent : l'entreprise, les numéros et le département de votre inscription, les messages de la librairie, votre rôle, vos institutions, vos délégations.
privacy-leave-stays = Restent : votre nom, votre adresse et votre mot de passe ; à l'institution, ses commandes, ses devis et ses paniers.
privacy-leave-button = Supprimer mon compte B2B
privacy-leave-sure = Voulez-vous vraiment supprimer votre compte B2B ? Confirmez que c'est bien vous.
privacy-leave-final = Supprimer le compte B2B
privacy-leave-not = Garder mon compte B2B
privacy-erase = Supprimer mon compte
privacy-erase-lead = Vos données sont détruites, tout de suite et pour toujours. Personne ne peut revenir en arrière, nous non plus.
privacy-erase-gone = Disparaissent : votre nom, votre adresse, votre téléphone, vos commentaires, les noms de vos paniers, vos sessions.
privacy-erase-stays = Restent, sans votre nom : les commandes, les devis, les montants et les dates, que la loi oblige à garder.
privacy-erase-drafts = Vos paniers en cours peuvent être repris par vos collègues.
privacy-erase-button = Supprimer mon compte
privacy-erase-sure = Voulez-vous vraiment supprimer votre compte ? Confirmez que c’est bien vous.
privacy-erase-final = Supprimer définitivement
privacy-erase-not = Garder mon compte
privacy-code = Code
privacy-code-hint = Celui de votre application, ou un code de secours.
privacy-in-place = Vous agissez pour le compte d'une autre personne : ses données sont son affaire. Revenez à votre propre nom.
notice-account-erased = Votre compte et vos données ont été supprimés.
notice-organisation-deleted = Votre compte B2B est supprimé. Vous restez inscrit, sans agir pour une institution.

export-title = Vos données
export-lead = Tout ce que { $shop } sait de vous dans Bordereau, le
export-none = Il n'y a plus de compte.
export-account = Votre compte
export-new-email = Adresse en attente de confirmation
export-phone = Téléphone
export-fields = Vos textes et vos coordonnées
export-fields-lead = Chaque donnée personnelle du registre, dans l'ordre. Ce que d'autres ont écrit n'y est pas.
export-at = Date
export-event = Événement
export-field = Champ
export-text = Texte
export-destroyed = (détruit)
export-documents = Vos paniers, devis et commandes
export-object = Objet
export-number = Numéro
export-acts = Ce que vous avez fait
export-refusals = Ce qui vous a été refusé
export-command = Commande
export-reason = Motif
export-sessions = Vos sessions
export-last-seen = Dernière utilisation
export-until = Fin
export-recipients = Qui d'autre en a reçu
export-recipients-lead = Le logiciel de gestion de la librairie reçoit les commandes et les devis ; les lettres vont à vous.
export-recipient = Destinataire
export-letter = Vous, par courriel
export-retention = Combien de temps nous les gardons
export-kept-account = Compte sans connexion
export-kept-registration = Inscription refusée ou sans réponse
export-kept-refusals = Actions refusées
export-kept-letters = Trace des courriels
export-kept-accounting = Ce que les factures doivent montrer
export-days = { $count ->
    [one] { $count } jour
   *[other] { $count } jours
}
