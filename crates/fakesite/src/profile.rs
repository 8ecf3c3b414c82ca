//! A site as a crawler's profile describes it.

use crate::site::Site;

impl Site {
    /// The profile of the site as served at `origin`, in TOML: `http` and the
    /// host, without a path.
    #[must_use]
    pub fn profile(&self, origin: &str) -> String {
        let mut profile = format!(
            "id = \"{}\"\nname = \"{}\"\nplain_http = true\n",
            self.id(),
            self.organ()
        );
        if let Some(family) = self.family() {
            profile += &format!("family = \"{}\"\n", family.name());
        }
        profile += "columns = [\n";
        for (position, column) in self.columns().iter().enumerate() {
            let path = self.column_path(position);
            profile += &format!(
                "  {{ name = \"{}\", url = \"{origin}{path}\" }},\n",
                column.name
            );
        }
        profile + "]\n"
    }

    /// The path of the first page of a list.
    pub(crate) fn column_path(&self, column: usize) -> String {
        match self.template() {
            Some(template) => template.column_path(&self.columns()[column]),
            None => "/".to_owned(),
        }
    }
}
