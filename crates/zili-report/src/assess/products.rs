//! The chapter on products and technology: critical materials bought from few, what is spent on research and paid for foreign
//! technology beside peers, and which products are near to what home makes.

mod dependence;
mod peers;
mod plane;
mod space;

use super::{Figure, Origin, Question, Section};
use crate::Error;
use zili_world::{Bloc, Finding, Method, Options, Params, Source, Watch, World};

/// The chapter, and what it adds to the first screen.
pub(super) struct Chapter {
    pub section: Section,
    pub sentence: Option<String>,
    pub origins: Vec<Origin>,
    pub caveat: String,
}

/// What one of its parts has: a paragraph's worth of words, and figures.
struct Part {
    words: Vec<String>,
    figures: Vec<Figure>,
    origins: Vec<Origin>,
}

pub(super) fn chapter(world: &World, question: &Question, watch: &dyn Watch) -> Result<Chapter, Error> {
    let (dependence, sentence) = dependence::part(world, question)?;
    watch.next()?;
    let peers = peers::part(world, question)?;
    watch.next()?;
    let space = space::part(world, question)?;
    watch.next()?;
    let (mut words, mut figures, mut origins) = (Vec::new(), Vec::new(), Vec::<Origin>::new());
    for part in [dependence, peers, space] {
        words.extend(part.words);
        figures.extend(part.figures);
        for origin in part.origins {
            let known = |id: &str| id == origin.source.id;
            let of_table = world.manifest().sources.iter().any(|source| known(&source.id));
            if !of_table && !origins.iter().any(|other| known(&other.source.id)) {
                origins.push(origin);
            }
        }
    }
    let section = Section {
        id: "technology".to_owned(),
        title: "Products and technology".to_owned(),
        lead: words.join(" "),
        figures,
    };
    let caveat = "Trade in products, research and patents are of other years than the table, each figure's own. A product's code can hold other goods beside the material that it stands for, and an application for a patent is no measure of its worth.";
    Ok(Chapter { section, sentence, origins, caveat: caveat.to_owned() })
}

/// A finding and what was asked; or why these data have none.
type Answer = Result<(Finding, Params), String>;

/// A measure's answer on home beside some others.
fn ask(
    world: &World,
    question: &Question,
    method: &Method,
    partners: Vec<Bloc>,
    options: &[(&str, &str)],
) -> Result<Answer, Error> {
    let measure = zili_exposure::measure(method.name)?;
    let params = Params {
        home: question.home.clone(),
        partners,
        year: question.year,
        value_added: question.value_added,
        options: Options::parse(method, options.iter().copied())?,
    };
    match (measure.run)(world, &params) {
        Ok(finding) => Ok(Ok((finding, params))),
        Err(zili_world::Error::Unanswerable(why)) => Ok(Err(why)),
        Err(error) => Err(error.into()),
    }
}

/// A part of words alone.
fn without_figures(words: String) -> Part {
    Part { words: vec![words], figures: Vec::new(), origins: Vec::new() }
}

fn origin(source: &Source) -> Origin {
    Origin { source: source.clone(), file: None, sha256: String::new(), references: Vec::new() }
}
