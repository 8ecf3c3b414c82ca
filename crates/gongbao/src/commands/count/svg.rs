//! Counts as a chart in SVG: black, grey and one blue, so that it prints well.

use std::fmt::Write;

use super::chart::{Chart, Value};
use crate::{messages::grouped, terminal::width};

/// Fonts that have Chinese characters, on the usual systems.
const FONTS: &str = "'Noto Sans CJK SC', 'Source Han Sans SC', 'PingFang SC', 'Microsoft YaHei', \
                     'Noto Sans', Arial, sans-serif";

/// Size of the letters, in pixels; a column of the terminal is half of it.
const FONT: f64 = 13.0;

/// Empty space around everything.
const MARGIN: f64 = 24.0;

/// From one row to the next.
const ROW: f64 = 24.0;

/// Length of the longest bar.
const BAR: f64 = 480.0;

/// A chart over time: height, and least and greatest width of a step.
const PLOT_HEIGHT: f64 = 260.0;
const PLOT_WIDTH: f64 = 760.0;

/// Names beyond so many columns are cut.
const MAX_NAME: usize = 36;

/// The colour of numbers.
const BLUE: [f64; 3] = [31.0, 90.0, 150.0];

/// `chart` as SVG 1.1.
pub(super) fn draw(chart: &Chart) -> String {
    let mut drawing = Drawing::default();
    match (chart.columns.is_empty(), chart.is_time) {
        (false, _) => drawing.matrix(chart),
        (true, true) => drawing.over_time(chart),
        (true, false) => drawing.bars(chart),
    }
    drawing.finish(&chart.title)
}

/// How wide `text` is, roughly: characters are half as wide as high, Chinese
/// ones as wide.
fn text_width(text: &str) -> f64 {
    width(text) as f64 * FONT * 0.55
}

fn cut(text: &str) -> String {
    crate::terminal::shorten(text, MAX_NAME)
}

/// `text` for XML 1.0, which has no place for most control characters.
fn xml(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => safe.push('\u{fffd}'),
            c => safe.push(c),
        }
    }
    safe
}

/// A round number at or above `greatest`, and the step between lines.
fn scale(greatest: u64) -> (u64, u64) {
    let mut step = 1;
    let mut factors = [2, 5, 10].into_iter().cycle();
    let mut base = 1;
    while greatest.div_ceil(step) > 5 {
        let factor = factors.next().expect("it goes on for ever");
        step = base * factor;
        if factor == 10 {
            base *= 10;
        }
    }
    (greatest.div_ceil(step) * step, step)
}

#[derive(Default)]
struct Drawing {
    body: String,
    width: f64,
    height: f64,
}

#[derive(Clone, Copy)]
enum Anchor {
    Start,
    Middle,
    End,
}

impl Drawing {
    fn text(&mut self, x: f64, y: f64, anchor: Anchor, class: &str, text: &str) {
        let anchor = match anchor {
            Anchor::Start => "start",
            Anchor::Middle => "middle",
            Anchor::End => "end",
        };
        let _ = writeln!(
            self.body,
            r#"<text x="{x:.1}" y="{y:.1}" text-anchor="{anchor}" class="{class}">{}</text>"#,
            xml(text)
        );
    }

    fn rect(&mut self, x: f64, y: f64, width: f64, height: f64, fill: &str) {
        let _ = writeln!(
            self.body,
            r#"<rect x="{x:.1}" y="{y:.1}" width="{width:.1}" height="{height:.1}" fill="{fill}"/>"#
        );
    }

    fn line(&mut self, from: (f64, f64), to: (f64, f64), class: &str) {
        let _ = writeln!(
            self.body,
            r#"<line x1="{:.1}" y1="{:.1}" x2="{:.1}" y2="{:.1}" class="{class}"/>"#,
            from.0, from.1, to.0, to.1
        );
    }

    /// Writes the title; returns where the rest begins.
    fn begin(&mut self, chart: &Chart) -> f64 {
        let y = MARGIN + FONT;
        self.text(MARGIN, y, Anchor::Start, "title", &chart.title);
        self.width = self
            .width
            .max(2.0 * MARGIN + text_width(&chart.title) * 1.3);
        y + ROW
    }

    /// Explains the hatching, if there is any, below `y`.
    fn end(&mut self, chart: &Chart, y: f64) {
        self.height = y + MARGIN;
        if chart.has_gaps() {
            self.text(MARGIN, y + FONT, Anchor::Start, "small", &chart.hatching);
            self.width = self.width.max(2.0 * MARGIN + text_width(&chart.hatching));
            self.height += FONT;
        }
    }

    fn bars(&mut self, chart: &Chart) {
        let top = self.begin(chart);
        let names: Vec<_> = chart.rows.iter().map(|name| cut(name)).collect();
        let left = MARGIN
            + names
                .iter()
                .map(|name| text_width(name))
                .fold(0.0, f64::max)
            + 8.0;
        let greatest = chart.greatest() as f64;
        let mut y = top;
        for (name, values) in names.iter().zip(&chart.values) {
            let base = y + ROW * 0.68;
            self.text(left - 8.0, base, Anchor::End, "name", name);
            let value = values.first().copied().unwrap_or(Value::NotCounted);
            let long = value
                .number()
                .map_or(0.0, |number| number as f64 / greatest * BAR);
            if value == Value::NoDocuments {
                self.rect(left, y + 4.0, ROW, ROW - 8.0, "url(#none)");
                self.text(
                    left + ROW + 6.0,
                    base,
                    Anchor::Start,
                    "small",
                    &value.text(),
                );
            } else {
                self.rect(left, y + 4.0, long, ROW - 8.0, &blue(1.0));
                self.text(
                    left + long + 6.0,
                    base,
                    Anchor::Start,
                    "small",
                    &value.text(),
                );
            }
            y += ROW;
        }
        self.line((left, top), (left, y), "axis");
        self.width = self.width.max(left + BAR + 60.0 + MARGIN);
        self.end(chart, y + 8.0);
    }

    fn over_time(&mut self, chart: &Chart) {
        let top = self.begin(chart);
        let (most, step) = scale(chart.greatest());
        let left = MARGIN + text_width(&grouped(most)) + 8.0;
        let bottom = top + PLOT_HEIGHT;
        let height = |number: u64| number as f64 / most as f64 * PLOT_HEIGHT;
        for number in (0..=most).step_by(step as usize) {
            let y = bottom - height(number);
            self.line(
                (left, y),
                (left + PLOT_WIDTH, y),
                if number == 0 { "axis" } else { "grid" },
            );
            self.text(
                left - 8.0,
                y + FONT * 0.35,
                Anchor::End,
                "small",
                &grouped(number),
            );
        }
        let wide = PLOT_WIDTH / chart.rows.len().max(1) as f64;
        // As many names as have room beside one another.
        let longest = chart
            .rows
            .iter()
            .map(|name| text_width(name))
            .fold(0.0, f64::max);
        let every = ((longest + 10.0) / wide).ceil().max(1.0) as usize;
        for (index, (name, values)) in chart.rows.iter().zip(&chart.values).enumerate() {
            let x = left + index as f64 * wide;
            let bar = (wide * 0.8).min(48.0);
            let start = x + (wide - bar) / 2.0;
            match values.first() {
                Some(Value::NoDocuments) => {
                    self.rect(start, bottom - 8.0, bar, 8.0, "url(#none)");
                }
                Some(Value::Number(number)) => {
                    let high = height(*number);
                    self.rect(start, bottom - high, bar, high, &blue(1.0));
                }
                _ => {}
            }
            if index % every == 0 {
                self.text(
                    x + wide / 2.0,
                    bottom + FONT + 6.0,
                    Anchor::Middle,
                    "small",
                    name,
                );
            }
        }
        self.width = self.width.max(left + PLOT_WIDTH + MARGIN);
        self.end(chart, bottom + ROW + 8.0);
    }

    fn matrix(&mut self, chart: &Chart) {
        let top = self.begin(chart);
        let rows: Vec<_> = chart.rows.iter().map(|name| cut(name)).collect();
        let columns: Vec<_> = chart.columns.iter().map(|name| cut(name)).collect();
        let left = MARGIN + rows.iter().map(|name| text_width(name)).fold(0.0, f64::max) + 8.0;
        let greatest = chart.greatest();
        let wide = (text_width(&grouped(greatest)) + 12.0).max(30.0);
        // Names of columns stand upright, as they are longer than numbers.
        let head = columns
            .iter()
            .map(|name| text_width(name))
            .fold(0.0, f64::max)
            + 8.0;
        for (column, name) in columns.iter().enumerate() {
            let x = left + (column as f64 + 0.5) * wide + FONT * 0.35;
            let y = top + head - 8.0;
            let _ = writeln!(
                self.body,
                r#"<text transform="translate({x:.1} {y:.1}) rotate(-90)" class="name">{}</text>"#,
                xml(name)
            );
        }
        let mut y = top + head;
        for (name, values) in rows.iter().zip(&chart.values) {
            let base = y + ROW * 0.68;
            self.text(left - 8.0, base, Anchor::End, "name", name);
            for (column, value) in values.iter().enumerate() {
                let x = left + column as f64 * wide;
                let share = value.number().map_or(0.0, |n| n as f64 / greatest as f64);
                let fill = match value {
                    Value::NoDocuments => "url(#none)".to_owned(),
                    _ => blue(if share > 0.0 {
                        0.12 + 0.88 * share
                    } else {
                        0.0
                    }),
                };
                self.rect(x + 0.5, y + 0.5, wide - 1.0, ROW - 1.0, &fill);
                if let Value::Number(_) = value {
                    let class = if share > 0.5 { "light" } else { "small" };
                    self.text(x + wide / 2.0, base, Anchor::Middle, class, &value.text());
                }
            }
            y += ROW;
        }
        self.width = self.width.max(left + columns.len() as f64 * wide + MARGIN);
        self.end(chart, y + 8.0);
    }

    fn finish(self, title: &str) -> String {
        let (width, height) = (self.width.ceil(), self.height.ceil());
        format!(
            r##"<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" role="img" font-family="{FONTS}" font-size="{FONT}">
<title>{title}</title>
<style>.title {{ font-size: 16px; font-weight: 600 }} .small {{ font-size: 12px; fill: #333 }} .light {{ font-size: 12px; fill: #fff }} .grid {{ stroke: #ddd }} .axis {{ stroke: #333 }}</style>
<defs><pattern id="none" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="6" height="6" fill="#fff"/><line x1="0" y1="0" x2="0" y2="6" stroke="#999" stroke-width="2"/></pattern></defs>
<rect width="{width}" height="{height}" fill="#fff"/>
{body}</svg>
"##,
            title = xml(title),
            body = self.body
        )
    }
}

/// The blue, this strong; 0 is nearly white, so that an empty cell is seen.
fn blue(strength: f64) -> String {
    let mix = |channel: f64| (247.0 + (channel - 247.0) * strength).round() as u8;
    let [red, green, blue] = BLUE.map(mix);
    format!("#{red:02x}{green:02x}{blue:02x}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scales_are_round() {
        assert_eq!(scale(1), (1, 1));
        assert_eq!(scale(7), (8, 2));
        assert_eq!(scale(23), (25, 5));
        assert_eq!(scale(480), (500, 100));
        assert_eq!(scale(1201), (1500, 500));
    }

    #[test]
    fn names_cannot_break_out() {
        let chart = Chart {
            title: "<script>&\u{1b}".to_owned(),
            legend: String::new(),
            hatching: String::new(),
            known: 1,
            rows: vec!["\"</text>".to_owned()],
            columns: Vec::new(),
            values: vec![vec![Value::Number(3)]],
            is_time: false,
        };
        let svg = draw(&chart);
        assert!(!svg.contains("<script") && !svg.contains('\u{1b}'), "{svg}");
        assert_eq!(svg.matches("</text>").count(), 3, "{svg}");
    }
}
