//! Mail through the machine's own `sendmail`.

use std::time::{Duration, SystemTime};

use jiff::Timestamp;
use lettre::message::{Mailbox, Message, header::ContentType};

use crate::{alert::News, text::plain};

/// `sendmail` only puts the mail into its queue.
pub(super) const TIMEOUT: Duration = Duration::from_secs(60);

/// A mail to `to` about `news`, ready for `sendmail`. `id` becomes its
/// Message-ID, so that mail programs show the same mail once.
pub(super) fn compose(
    to: &str,
    from: Option<&str>,
    watch: &str,
    news: &[News],
    id: &str,
    now: Timestamp,
) -> Result<Vec<u8>, String> {
    let mailbox = |text: &str| {
        text.parse::<Mailbox>()
            .map_err(|error| format!("{text:?} is no mail address: {error}"))
    };
    let texts: Vec<_> = news.iter().map(plain).collect();
    let first = news.first().and_then(|news| news.title.as_deref());
    let mut subject = format!("[gongbao] {watch}: {}", first.unwrap_or("…"));
    if news.len() > 1 {
        subject.push_str(&format!(" (+{})", news.len() - 1));
    }
    let seconds = u64::try_from(now.as_second()).unwrap_or(0);
    let mail = Message::builder()
        .from(mailbox(from.unwrap_or("gongbao <gongbao@localhost>"))?)
        .to(mailbox(to)?)
        .subject(subject)
        .date(SystemTime::UNIX_EPOCH + Duration::from_secs(seconds))
        .message_id(Some(format!("<{id}@gongbao.invalid>")))
        .header(ContentType::TEXT_PLAIN)
        .body(texts.join("\n\n———\n\n") + "\n")
        .map_err(|error| format!("could not write the mail: {error}"))?;
    Ok(mail.formatted())
}
