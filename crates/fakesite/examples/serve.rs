//! Serves a site of each family until killed, to look at them or to crawl them
//! by hand: `cargo run -p gongbao-fakesite --example serve -- FOLDER`. Their
//! profiles go into FOLDER, for a corpus its `sites`.

#![expect(clippy::print_stdout, reason = "an example is there to print")]

use std::{env, fs, io, path::PathBuf, thread};

use gongbao_fakesite::{Family, Site, Web};

fn main() -> io::Result<()> {
    let folder = PathBuf::from(env::args_os().nth(1).unwrap_or_else(|| ".".into()));
    fs::create_dir_all(&folder)?;
    let sites = Family::ALL.map(|family| Site::new(family.name(), family, 340));
    let web = Web::serve(sites)?;
    for id in web.ids() {
        fs::write(folder.join(format!("{id}.toml")), web.profile(id))?;
        println!("{}", web.url(id, "/"));
    }
    loop {
        thread::park();
    }
}
