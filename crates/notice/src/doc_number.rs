//! Document numbers (发文字号).

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// A document number such as `国办发〔2024〕12号`, in its one canonical form.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct DocNumber(String);

/// The text is no document number.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no document number such as 国办发〔2024〕12号")]
pub struct ParseDocNumberError(String);

impl DocNumber {
    /// The canonical form.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for DocNumber {
    type Err = ParseDocNumberError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Err(ParseDocNumberError(text.chars().take(80).collect()))
    }
}

impl TryFrom<String> for DocNumber {
    type Error = ParseDocNumberError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<DocNumber> for String {
    fn from(number: DocNumber) -> Self {
        number.0
    }
}

impl fmt::Display for DocNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
