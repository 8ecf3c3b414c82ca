//! Text to search terms, and the index schema: the one place where writer and
//! reader agree. Pure: opens no files and no sockets.
//!
//! Every text has two views. *Words* (jieba) serve ranking. *Characters*, as
//! pairs, serve completeness: what stands on the page is found, however it was
//! cut into words.

mod checked; // bytes with a checksum
mod copies; // which notices hold the same text
mod dictionary; // the words there are
mod fold; // traditional to simplified
mod generation; // names and notes of index generations
mod letters; // text to letters
mod normal; // width, case and script evened out, with a map to the original
mod pieces; // text in pieces that come often
mod prints; // fingerprints of a text
mod schema; // the fields of the index
mod segment; // text to words
mod stored; // what the index keeps of a notice for display
mod stores; // reading it back
mod sums; // the digests of a generation's files
mod texts; // the texts of a segment's documents
mod tokens; // words, pairs and characters as tantivy tokenizers

pub use crate::{
    copies::{COPIES_FILE, CopiesHead, Kinship, Pair, Pairs, decode_copies, write_copies},
    dictionary::{Dictionary, DictionaryError, WordChanges},
    generation::{
        CURRENT_FILE, GenerationNote, NoteError, WORDS_FILE, generation_name, generation_number,
    },
    letters::{Letter, is_letter, letters},
    normal::{Normalized, normalize, normalize_beginning},
    pieces::{
        Coder, GAP, PIECES_FILE, Pieces, PiecesError, SAMPLE_BYTES, Seeker, Speller, Spelling,
    },
    prints::prints,
    schema::{Fields, HEAD, RUNS_ON, SECTION, region_terms, schema},
    segment::{LearningSegmenter, Segmenter},
    stored::{
        Excerpt, ExcerptPassage, Header, StoredError, StoredHead, StoredNode, StoredNotice,
        StoredPassage, StoredText,
    },
    stores::{Stores, StoresError},
    sums::{SUMS_FILE, Sums},
    texts::texts_plugin,
    tokens::{CARRY_LETTERS, next_ordinal, register_tokenizers},
};
