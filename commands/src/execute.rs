//! The way of a command: load, prepare, may see, may, version, decide, append.

use std::{collections::BTreeMap, convert::Infallible, sync::Arc, time::Duration};

use bordereau_domain::{Actor, Context, Decider, Digest, Ean, article::Article};
use bordereau_store::{Append, Beside, NewOutcome, Outcome, Receipt, Store, StreamAppend};

use crate::{
    context::Envelope,
    failed::{Failed, Setback},
    follow::{encode, new_event},
    live::{Entry, Housed, Kinds, Peeked},
    metadata::metadata,
    numbers::Numbers,
    request::{Answer, Request},
    scene::{Scene, find_articles},
};

/// How often a command is decided before it is given up as contended.
const ATTEMPTS: usize = 4;
/// Kind of the blind index of a request.
const REQUEST: &str = "request";

#[derive(Debug)]
struct Inner {
    store: Store,
    kinds: Kinds,
    numbers: Numbers,
}

/// A command was carried out, now or before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Done {
    /// HTTP status of the answer.
    pub status: u16,
    /// JSON body of the answer.
    pub body: String,
    /// The aggregate's sequence after the command.
    pub sequence: u64,
    /// The ledger's position of the command's last event; nothing when it was done already.
    pub position: Option<u64>,
}

impl From<Outcome> for Done {
    fn from(outcome: Outcome) -> Self {
        Self {
            status: outcome.status,
            body: outcome.body,
            sequence: outcome.sequence,
            position: Some(outcome.position),
        }
    }
}

/// Carries commands to the log. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Commands {
    inner: Arc<Inner>,
}

/// Whose keys they are: what somebody does in another's place is another thing than the same in his own name.
fn keeper(actor: &Actor) -> String {
    match actor.on_behalf_of {
        None => actor.account.to_string(),
        Some(other) => format!("{} {other}", actor.account),
    }
}

type Refusal<R> = Failed<<<R as Request>::Decider as Decider>::Error>;

/// What an aggregate made of a request.
struct Decided<R: Request> {
    command: <R::Decider as Decider>::Command,
    events: Vec<<R::Decider as Decider>::Event>,
    context: Context,
    beside: Vec<Beside>,
    rests_on: Vec<StreamAppend>,
}

impl Commands {
    /// Commands over `store`, with nothing in memory yet.
    pub fn new(store: Store) -> Self {
        Self { inner: Arc::new(Inner { store, kinds: Kinds::default(), numbers: Numbers::default() }) }
    }

    /// The store beneath.
    pub fn store(&self) -> &Store {
        &self.inner.store
    }

    /// Carries out `request` on the aggregate `id`, in a task of its own: a caller who goes away cancels nothing.
    ///
    /// # Errors
    /// [`Failed`]; after every case but `Unknown`, nothing was written.
    pub async fn execute<R: Request>(&self, envelope: Envelope, id: String, request: R) -> Result<Done, Refusal<R>>
    where
        R::Decider: Housed,
    {
        let commands = self.clone();
        let task = tokio::spawn(async move { commands.carry_out(&envelope, &id, &request).await });
        task.await.unwrap_or_else(|died| Err(Failed::Broken(format!("the command's task died: {died}"))))
    }

    /// Asks an aggregate about its state.
    ///
    /// # Errors
    /// When the store fails or the log cannot be read.
    pub async fn peek<D: Housed, T>(
        &self,
        shop: &str,
        id: &str,
        ask: impl FnOnce(&D) -> T + Send,
    ) -> Result<Peeked<T>, Failed<D::Error>> {
        D::live(&self.inner.kinds).peek(&self.inner.store, shop, id, ask).await
    }

    /// The same, as the log is now: for what must not rest on a state that another node has left behind.
    ///
    /// # Errors
    /// When the store fails or the log cannot be read.
    pub async fn peek_now<D: Housed, T>(
        &self,
        shop: &str,
        id: &str,
        ask: impl FnOnce(&D) -> T + Send,
    ) -> Result<Peeked<T>, Failed<D::Error>> {
        D::live(&self.inner.kinds).peek_since(&self.inner.store, shop, id, Duration::ZERO, ask).await
    }

    /// Articles of a shop's catalogue as it is today; what is unknown or withdrawn is absent.
    ///
    /// # Errors
    /// When the store fails or an article cannot be read.
    pub async fn articles(&self, shop: &str, eans: &[Ean]) -> Result<BTreeMap<Ean, Article>, Failed<Infallible>> {
        Ok(find_articles(&self.inner.store, shop, eans).await?)
    }

    async fn carry_out<R: Request>(&self, envelope: &Envelope, id: &str, request: &R) -> Result<Done, Refusal<R>>
    where
        R::Decider: Housed,
    {
        let Inner { store, kinds, .. } = &*self.inner;
        let shop = envelope.shop.as_str();
        let mut entry = R::Decider::live(kinds).lock(shop, id).await;
        if let Some(done) = self.find_answer(envelope).await? {
            return Ok(done);
        }
        for _ in 0..ATTEMPTS {
            let decided = self.decide(envelope, &entry, request).await;
            match decided {
                Ok(decided) if !decided.events.is_empty() => {
                    match self.append(envelope, id, &mut entry, request, decided).await {
                        Ok(done) => return Ok(done),
                        Err(Setback::Conflict) => {
                            entry.catch_up(store, shop, id).await?;
                        }
                        Err(Setback::KeyTaken) => {
                            if let Some(done) = self.find_answer(envelope).await? {
                                return Ok(done);
                            }
                        }
                        Err(Setback::Failed(failed)) => {
                            entry.forget();
                            return Err(failed);
                        }
                    }
                }
                // A refusal, and an empty result, were decided on memory: confirm both against the log.
                decided => {
                    if request.opens_ledger() || !entry.catch_up(store, shop, id).await? {
                        let decided = decided?;
                        let Answer { status, body } = request.answer(&entry.state, &decided.command);
                        let body = body.to_string();
                        return Ok(Done { status, body, sequence: entry.sequence, position: None });
                    }
                }
            }
        }
        Err(Failed::Contended)
    }

    /// The hash of a request as it is kept: under the store's look-up key, so that nobody who reads it can try what was
    /// asked, passwords above all.
    fn kept_hash(&self, envelope: &Envelope, request_hash: [u8; 32]) -> [u8; 32] {
        self.inner.store.blind_index(envelope.shop.as_str(), REQUEST, &Digest(request_hash).to_string())
    }

    /// The answer that was given to this key before.
    async fn find_answer<E: std::error::Error + 'static>(
        &self,
        envelope: &Envelope,
    ) -> Result<Option<Done>, Failed<E>> {
        let Some(key) = &envelope.key else { return Ok(None) };
        let account = keeper(&envelope.actor);
        match self.inner.store.find_outcome(envelope.shop.as_str(), &account, &key.key).await? {
            Some(outcome) if outcome.request_hash == self.kept_hash(envelope, key.request_hash) => {
                Ok(Some(outcome.into()))
            }
            Some(_) => Err(Failed::KeyReused),
            None => Ok(None),
        }
    }

    async fn decide<R: Request>(
        &self,
        envelope: &Envelope,
        entry: &Entry<R::Decider>,
        request: &R,
    ) -> Result<Decided<R>, Refusal<R>> {
        let Inner { store, kinds, numbers } = &*self.inner;
        let mut scene = Scene {
            store,
            kinds,
            numbers,
            shop: &envelope.shop,
            context: Context::new(envelope.actor.clone(), envelope.at),
            beside: Vec::new(),
            rests_on: Vec::new(),
        };
        let command = request.prepare(&entry.state, &mut scene).await?;
        let Scene { context, beside, rests_on, .. } = scene;
        if !request.creates() && !entry.state.may_see(&context) {
            return Err(Failed::NotFound);
        }
        entry.state.may(&command, &context).map_err(Failed::Refused)?;
        if envelope.if_match.is_some_and(|seen| seen != entry.sequence) {
            return Err(Failed::Stale { current: entry.sequence });
        }
        let events = entry.state.decide(&command, &context).map_err(Failed::Refused)?;
        Ok(Decided { command, events, context, beside, rests_on })
    }

    async fn append<R: Request>(
        &self,
        envelope: &Envelope,
        id: &str,
        entry: &mut Entry<R::Decider>,
        request: &R,
        decided: Decided<R>,
    ) -> Result<Done, Setback<<R::Decider as Decider>::Error>>
    where
        R::Decider: Housed,
    {
        let Decided { command, events, context, mut beside, rests_on } = decided;
        let broken = |why: String| Setback::Failed(Failed::Broken(why));
        let metadata = metadata(envelope, request.name(), request.institution(id, &entry.state, &command));
        let followed = request.follow(&entry.state, &command, &context).map_err(broken)?;
        let encoded: Result<Vec<_>, _> = events.iter().map(|event| Ok(new_event(encode(event)?, &metadata))).collect();
        let encoded = encoded.map_err(|error: serde_json::Error| broken(error.to_string()))?;
        let sequence = entry.sequence + events.len() as u64;
        let Answer { status, body } = request.answer(&entry.state, &command);
        let body = body.to_string();
        if let Some(key) = &envelope.key {
            let (account, request_hash) = (keeper(&envelope.actor), self.kept_hash(envelope, key.request_hash));
            let key = key.key.clone();
            beside.push(Beside::Outcome(NewOutcome {
                account,
                key,
                request_hash,
                status,
                body: body.clone(),
                sequence,
            }));
        }
        let own = StreamAppend {
            aggregate_type: R::Decider::TYPE.to_owned(),
            aggregate_id: id.to_owned(),
            expected: entry.sequence,
            events: encoded,
        };
        let followed = followed.into_iter().map(|born| born.into_stream(&metadata));
        let streams = std::iter::once(own).chain(followed).chain(rests_on).collect();
        let append =
            Append { ledger: envelope.shop.to_string(), opens_ledger: request.opens_ledger(), streams, beside };
        let Receipt { position, .. } = self.inner.store.append(append).await?;
        entry.advance(&events, sequence);
        Ok(Done { status, body, sequence, position: Some(position) })
    }
}
