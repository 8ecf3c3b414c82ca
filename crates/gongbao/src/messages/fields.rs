//! A block of named fields: names in one column, values wrapped in the next.

use std::io::Write;

use super::Label;
use crate::{
    config::Config,
    terminal::{Style, pad, pieces, width, wrap},
};

/// Fields in the order they are printed.
#[derive(Debug, Default)]
pub(crate) struct Fields(Vec<Field>);

#[derive(Debug)]
struct Field {
    label: Label,
    value: String,
    aside: String,
}

impl Fields {
    /// Adds a field; `aside` is said in brackets behind it, if anything.
    pub(crate) fn add(&mut self, label: Label, value: impl Into<String>, aside: &str) {
        self.0.push(Field {
            label,
            value: value.into(),
            aside: aside.to_owned(),
        });
    }

    /// Writes the block in `columns`.
    ///
    /// # Errors
    ///
    /// When `out` cannot be written to.
    pub(crate) fn write(
        &self,
        out: &mut impl Write,
        columns: usize,
        config: &Config,
    ) -> anyhow::Result<()> {
        let (lang, screen) = (config.lang, &config.screen);
        let names = self.0.iter().map(|field| width(lang.label(field.label)));
        let first = names.max().unwrap_or(0) + 2;
        let room = columns.saturating_sub(first).max(20);
        for field in &self.0 {
            let mut value = pieces(&field.value, |_| Style::Plain);
            if !field.aside.is_empty() {
                let aside = lang.pick(
                    format!("  ({})", field.aside),
                    format!("（{}）", field.aside),
                );
                value.extend(pieces(&aside, |_| Style::Dim));
            }
            for (number, line) in wrap(&value, room, room).into_iter().enumerate() {
                let name = if number == 0 {
                    lang.label(field.label)
                } else {
                    ""
                };
                let name = screen.paint(Style::Dim, &pad(name, first));
                writeln!(out, "{name}{}", screen.line(line))?;
            }
        }
        Ok(())
    }
}
