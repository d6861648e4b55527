//! What a basket answers to each command.

use super::{
    command::{BasketCommand, Conversion, NewLine, Today},
    error::{BasketError, ChangedPrice},
    event::{BasketEvent, Level},
    rules::Action,
    state::{Basket, Opened, Stage, Step},
};
use crate::{
    article::Article,
    decider::{Context, Decider, Illegal},
    ids::{InstitutionId, LineId},
    institution::Standing,
    line::{Line, LineTerms, MAX_LINES, RepricedLine, is_quantity},
    personal::{BasketName, Comment, LineReference, Personal},
    pricing::{LinePrice, price_article, price_line},
    terms::is_reference,
};

type Decision = Result<Vec<BasketEvent>, BasketError>;

impl Decider for Basket {
    const TYPE: &'static str = "Basket";
    type Command = BasketCommand;
    type Event = BasketEvent;
    type Error = BasketError;

    fn decide(&self, command: &BasketCommand, context: &Context) -> Decision {
        let basket = match (self, command) {
            (Self::Unopened, BasketCommand::Open { number, institution_id, name, standing, quota_reached, .. }) => {
                return open(*number, *institution_id, *name, standing.as_ref(), *quota_reached, context);
            }
            (
                Self::Unopened,
                BasketCommand::Copy { number, institution_id, name, standing, quota_reached, lines, .. },
            ) => {
                let standing = standing.as_ref();
                let mut events = open(*number, *institution_id, *name, standing, *quota_reached, context)?;
                events.extend(copy_lines(lines, standing)?);
                return Ok(events);
            }
            (Self::Unopened, _) => return Err(BasketError::NotOpened),
            (Self::Opened(basket), _) => basket,
        };
        match command {
            BasketCommand::Open { institution_id, .. } | BasketCommand::Copy { institution_id, .. } => {
                basket.open_again(*institution_id, context)
            }
            BasketCommand::AddLine { line_id, article, quantity, line_reference, standing } => {
                basket.add_line(*line_id, article.as_ref(), *quantity, *line_reference, standing, context)
            }
            BasketCommand::AddLines { lines, standing } => basket.add_lines(lines, standing, context),
            BasketCommand::ChangeLine { line_id, quantity, line_reference, today } => {
                basket.change_line(*line_id, *quantity, *line_reference, today, context)
            }
            BasketCommand::RemoveLine { line_id, standing } => basket.remove_line(*line_id, standing, context),
            BasketCommand::Reprice { today } => basket.reprice(today, context),
            BasketCommand::Rename { name } => basket.rename(*name, context),
            BasketCommand::SendToApprover { comment, standing } => basket.send(*comment, standing, context),
            BasketCommand::Validate { comment, standing } => basket.validate(*comment, standing, context),
            BasketCommand::Unlock => basket.unlock_for(context),
            BasketCommand::Return { comment } => basket.go_back_by(*comment, context),
            BasketCommand::RequestQuote { quote_id, conversion } => {
                basket.convert(conversion, context)?;
                let (by, number) = (context.actor.account, conversion.number);
                Ok(vec![BasketEvent::ConvertedToQuote { by, quote_id: *quote_id, number }])
            }
            BasketCommand::PlaceOrder { order_id, conversion, placement } => {
                basket.convert(conversion, context)?;
                placement.as_ref().map_err(|refused| *refused)?;
                let (by, number) = (context.actor.account, conversion.number);
                Ok(vec![BasketEvent::ConvertedToOrder { by, order_id: *order_id, number }])
            }
            BasketCommand::TakeOver => basket.take_over(context),
            BasketCommand::Discard => basket.discard(context),
        }
    }

    fn evolve(&mut self, event: &BasketEvent) {
        self.apply(event);
    }

    fn allows(&self, event: &BasketEvent) -> Result<(), Illegal> {
        match (self, event) {
            (Self::Unopened, BasketEvent::Opened { .. }) => Ok(()),
            (Self::Unopened, _) => Err(Illegal::new(event, "the basket is not open")),
            (Self::Opened(basket), _) => basket.allows(event).map_err(|reason| Illegal::new(event, reason)),
        }
    }

    fn may_see(&self, context: &Context) -> bool {
        self.opened().is_some_and(|basket| basket.is_seen_by(context))
    }

    fn may(&self, command: &BasketCommand, context: &Context) -> Result<(), BasketError> {
        let role = context.actor.role;
        let action = match command {
            BasketCommand::Open { .. } | BasketCommand::Copy { .. } => {
                return if role.is_institutional() { Ok(()) } else { Err(BasketError::RoleMayNot) };
            }
            BasketCommand::AddLine { .. }
            | BasketCommand::AddLines { .. }
            | BasketCommand::ChangeLine { .. }
            | BasketCommand::RemoveLine { .. } => Action::Lines,
            BasketCommand::Reprice { .. } => Action::Reprice,
            BasketCommand::Rename { .. } => Action::Rename,
            BasketCommand::SendToApprover { .. } => Action::SendToApprover,
            BasketCommand::Validate { .. } => Action::Validate,
            BasketCommand::Unlock => Action::Unlock,
            BasketCommand::Return { .. } => Action::Return,
            BasketCommand::RequestQuote { .. } => Action::RequestQuote,
            BasketCommand::PlaceOrder { .. } => Action::PlaceOrder,
            BasketCommand::TakeOver => Action::TakeOver,
            BasketCommand::Discard => Action::Discard,
        };
        if !action.is_for(role) {
            return Err(BasketError::RoleMayNot);
        }
        let Some(basket) = self.opened() else { return Ok(()) };
        basket.must_act_for(action, context)?;
        if matches!(action, Action::SendToApprover | Action::Discard) { basket.must_own(context) } else { Ok(()) }
    }
}

fn open(
    number: u64,
    institution_id: InstitutionId,
    name: Option<Personal<BasketName>>,
    standing: Option<&Standing>,
    quota_reached: bool,
    context: &Context,
) -> Decision {
    let actor = &context.actor;
    let level = Level::of(actor.role).ok_or(BasketError::RoleMayNot)?;
    let standing = standing.filter(|_| actor.acts_for(institution_id)).ok_or(BasketError::UnknownInstitution)?;
    if !standing.is_open() {
        return Err(BasketError::InstitutionBlocked);
    }
    if quota_reached {
        return Err(BasketError::TooManyBaskets);
    }
    Ok(vec![BasketEvent::Opened { number, institution_id, owner: actor.principal(), level, name }])
}

/// A line at today's price, in a basket that has `there` lines already.
fn add(
    line_id: LineId,
    article: Option<&Article>,
    quantity: u32,
    line_reference: Option<Personal<LineReference>>,
    standing: &Standing,
    there: usize,
) -> Result<BasketEvent, BasketError> {
    if !is_quantity(quantity) {
        return Err(BasketError::QuantityOutOfRange);
    }
    let article = article.ok_or(BasketError::UnknownArticle)?;
    if there >= MAX_LINES {
        return Err(BasketError::TooManyLines);
    }
    Ok(BasketEvent::LineAdded { line: Line::new(line_id, article, quantity, &standing.conditions, line_reference) })
}

/// The lines of another basket, at today's prices, without those whose articles are gone.
fn copy_lines(lines: &[NewLine], standing: Option<&Standing>) -> Decision {
    let Some(standing) = standing else { return Err(BasketError::UnknownInstitution) };
    let kept = lines.iter().filter(|line| line.article.is_some()).enumerate();
    kept.map(|(there, line)| {
        add(line.line_id, line.article.as_ref(), line.quantity, line.line_reference, standing, there)
    })
    .collect()
}

impl Opened {
    fn open_again(&self, institution_id: InstitutionId, context: &Context) -> Decision {
        let same = self.owner == context.actor.principal() && self.institution_id == institution_id;
        if same { Ok(vec![]) } else { Err(BasketError::IdTaken) }
    }

    fn add_line(
        &self,
        line_id: LineId,
        article: Option<&Article>,
        quantity: u32,
        line_reference: Option<Personal<LineReference>>,
        standing: &Standing,
        context: &Context,
    ) -> Decision {
        if self.find_line(line_id).is_some() {
            return Ok(vec![]);
        }
        self.can_edit(context, standing)?;
        Ok(vec![add(line_id, article, quantity, line_reference, standing, self.lines.len())?])
    }

    fn add_lines(&self, lines: &[NewLine], standing: &Standing, context: &Context) -> Decision {
        let new = |(_, line): &(usize, &NewLine)| self.find_line(line.line_id).is_none();
        let lines: Vec<_> = lines.iter().enumerate().filter(new).collect();
        if lines.is_empty() {
            return Ok(vec![]);
        }
        self.can_edit(context, standing)?;
        let added = (self.lines.len()..).zip(lines).map(|(there, (at, line))| {
            let NewLine { line_id, article, quantity, line_reference } = line;
            add(*line_id, article.as_ref(), *quantity, *line_reference, standing, there)
                .map_err(|refusal| BasketError::InList { at, refusal: Box::new(refusal) })
        });
        added.collect()
    }

    fn change_line(
        &self,
        line_id: LineId,
        quantity: Option<u32>,
        line_reference: Option<Option<Personal<LineReference>>>,
        today: &Today,
        context: &Context,
    ) -> Decision {
        self.can_edit(context, &today.standing)?;
        let line = self.find_line(line_id).ok_or(BasketError::UnknownLine)?;
        let wanted = quantity.unwrap_or(line.quantity);
        if !is_quantity(wanted) {
            return Err(BasketError::QuantityOutOfRange);
        }
        let before = line.terms();
        let after = LineTerms {
            quantity: wanted,
            price: price_today(line, wanted, today),
            line_reference: line_reference.unwrap_or(line.line_reference),
        };
        if wanted == before.quantity && after.line_reference == before.line_reference {
            return Ok(vec![]);
        }
        Ok(vec![BasketEvent::LineChanged { line_id, ean: line.ean, title: line.title.clone(), before, after }])
    }

    fn remove_line(&self, line_id: LineId, standing: &Standing, context: &Context) -> Decision {
        self.can_edit(context, standing)?;
        let line = self.find_line(line_id).ok_or(BasketError::UnknownLine)?;
        Ok(vec![BasketEvent::LineRemoved { line: line.clone() }])
    }

    fn reprice(&self, today: &Today, context: &Context) -> Decision {
        self.can_edit(context, &today.standing)?;
        let lines: Vec<_> = self
            .lines
            .iter()
            .map(|line| RepricedLine {
                line_id: line.line_id,
                ean: line.ean,
                title: line.title.clone(),
                before: line.price,
                after: price_today(line, line.quantity, today),
            })
            .filter(|line| line.before != line.after)
            .collect();
        if lines.is_empty() { Ok(vec![]) } else { Ok(vec![BasketEvent::LinesRepriced { lines }]) }
    }

    fn rename(&self, name: Personal<BasketName>, context: &Context) -> Decision {
        self.can_rename(context)?;
        if self.name == Some(name) { Ok(vec![]) } else { Ok(vec![BasketEvent::Renamed { name }]) }
    }

    fn send(&self, comment: Option<Personal<Comment>>, standing: &Standing, context: &Context) -> Decision {
        let by = context.actor.account;
        if matches!(self.stage, Stage::AwaitingApprover { .. }) && self.was_last(Step::Sent, by) {
            return Ok(vec![]);
        }
        self.can_send(context, standing)?;
        Ok(vec![BasketEvent::SentToApprover { by, comment }])
    }

    fn validate(&self, comment: Option<Personal<Comment>>, standing: &Standing, context: &Context) -> Decision {
        let (by, role) = (context.actor.account, context.actor.role);
        if matches!(self.stage, Stage::AwaitingPurchaser { .. }) && self.was_last(Step::Validated, by) {
            return Ok(vec![]);
        }
        self.can_validate(context, standing)?;
        Ok(vec![BasketEvent::Validated { by, role, comment }])
    }

    fn unlock_for(&self, context: &Context) -> Decision {
        self.can_unlock(context)?;
        if self.stage.is_locked() { Ok(vec![BasketEvent::Unlocked { by: context.actor.account }]) } else { Ok(vec![]) }
    }

    fn go_back_by(&self, comment: Option<Personal<Comment>>, context: &Context) -> Decision {
        let by = context.actor.account;
        let there = matches!(self.stage, Stage::Drafting | Stage::AwaitingApprover { .. });
        if there && self.was_last(Step::Returned, by) {
            return Ok(vec![]);
        }
        let to = self.can_return(context)?;
        Ok(vec![BasketEvent::ReturnedToPreviousRole { by, to, comment }])
    }

    fn convert(&self, conversion: &Conversion, context: &Context) -> Result<(), BasketError> {
        self.can_convert(context, &conversion.today.standing)?;
        let changed = self.changed_prices(&conversion.today);
        if !changed.is_empty() {
            return Err(BasketError::PricesChanged(changed));
        }
        if is_reference(&conversion.reference) { Ok(()) } else { Err(BasketError::ReferenceMissing) }
    }

    /// The lines whose terms would be others today. A line whose article is gone keeps its price.
    pub fn changed_prices(&self, today: &Today) -> Vec<ChangedPrice> {
        let changed = |line: &Line| {
            let new = price_today(line, line.quantity, today);
            (!new.same_terms(&line.price)).then_some(ChangedPrice { line_id: line.line_id, old: line.price, new })
        };
        self.lines.iter().filter_map(changed).collect()
    }

    fn take_over(&self, context: &Context) -> Decision {
        let to = context.actor.principal();
        if self.owner == to {
            return Ok(vec![]);
        }
        self.can_take_over(context)?;
        Ok(vec![BasketEvent::TakenOver { from: self.owner, to }])
    }

    fn discard(&self, context: &Context) -> Decision {
        if self.stage == Stage::Discarded {
            return Ok(vec![]);
        }
        self.can_discard(context)?;
        Ok(vec![BasketEvent::Discarded {}])
    }

    /// What the state says against an event, whoever asked for it.
    fn allows(&self, event: &BasketEvent) -> Result<(), &'static str> {
        let drafting = self.stage == Stage::Drafting;
        let awaiting = matches!(self.stage, Stage::AwaitingApprover { .. } | Stage::AwaitingPurchaser { .. });
        let at_purchaser = matches!(self.stage, Stage::AwaitingPurchaser { .. });
        let check = |legal: bool, reason: &'static str| if legal { Ok(()) } else { Err(reason) };
        match event {
            BasketEvent::Opened { .. } => Err("the basket is open already"),
            BasketEvent::Renamed { .. } => check(drafting || awaiting, "it is converted or discarded"),
            BasketEvent::LineAdded { line } => {
                check(!self.stage.is_locked(), "it is locked")?;
                check(self.find_line(line.line_id).is_none(), "the line is there already")?;
                check(self.lines.len() < MAX_LINES && is_quantity(line.quantity), "too many lines or copies")
            }
            BasketEvent::LineChanged { line_id, before, after, .. } => {
                check(!self.stage.is_locked(), "it is locked")?;
                check(self.find_line(*line_id).is_some_and(|l| l.terms() == *before), "the line was different before")?;
                check(is_quantity(after.quantity), "too many copies")
            }
            BasketEvent::LineRemoved { line } => {
                check(!self.stage.is_locked(), "it is locked")?;
                check(self.find_line(line.line_id) == Some(line), "the line was different before")
            }
            BasketEvent::LinesRepriced { lines } => {
                check(!self.stage.is_locked(), "it is locked")?;
                let known = |r: &RepricedLine| self.find_line(r.line_id).is_some_and(|line| line.price == r.before);
                check(lines.iter().all(known), "a line was different before")
            }
            BasketEvent::SentToApprover { .. } => check(drafting && !self.lines.is_empty(), "not drafting, or empty"),
            BasketEvent::Unlocked { .. } => check(awaiting && self.stage.is_locked(), "it is not locked"),
            BasketEvent::ReturnedToPreviousRole { .. } => check(awaiting, "there is no role to return it to"),
            BasketEvent::Validated { .. } => {
                check((drafting || awaiting && !at_purchaser) && !self.lines.is_empty(), "validated already, or empty")
            }
            BasketEvent::ConvertedToQuote { .. } | BasketEvent::ConvertedToOrder { .. } => {
                let own = drafting && self.level == Level::Purchaser;
                check((at_purchaser || own) && !self.lines.is_empty(), "not at the purchaser, or empty")
            }
            BasketEvent::TakenOver { from, .. } => {
                check((drafting || awaiting) && *from == self.owner, "converted, discarded, or another's")
            }
            BasketEvent::Discarded {} => check(drafting, "not drafting"),
        }
    }
}

/// A line's amounts by today's catalogue and conditions. An article that is gone keeps its last public price.
fn price_today(line: &Line, quantity: u32, today: &Today) -> LinePrice {
    let conditions = &today.standing.conditions;
    today.articles.get(&line.ean).map_or_else(
        || {
            let last = line.price;
            let discount = conditions.discounts.rate_for(line.kind, last.vat_rate);
            price_line(quantity, last.unit_price_incl_tax, last.vat_rate, discount, conditions.vat_exempt)
        },
        |article| price_article(article, quantity, conditions),
    )
}
