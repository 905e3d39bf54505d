//! What fields are called in JSON and in the journal.

use super::Field;
use crate::domain::address::AddressKind;
use crate::domain::contact::ContactField;
use crate::domain::person::Notice;

impl Field {
    /// What kind of thing it belongs to (JSON `entity`).
    pub const fn entity(self) -> &'static str {
        match self {
            Self::Number => "number",
            Self::Address(_) => "address",
            Self::Contact(_) => "contact",
            Self::Notice(_) => "notice",
            Self::Protection => "protection",
            Self::Said | Self::Heard | Self::Edited => "statement",
            Self::Category
            | Self::FirstName
            | Self::CalledName
            | Self::MiddleName
            | Self::LastName
            | Self::BirthDate
            | Self::Status
            | Self::Deregistration
            | Self::Blocked
            | Self::BlockReason
            | Self::AllowUpdate
            | Self::Comment
            | Self::NoAddressSince
            | Self::SpecialSince
            | Self::Class
            | Self::EnteredOn
            | Self::Hold
            | Self::KeyCode
            | Self::Areas
            | Self::Categories => "person",
        }
    }

    /// The field's name within its entity (JSON `field`).
    pub const fn name(self) -> &'static str {
        match self {
            Self::Number => "id_number",
            Self::Category => "category",
            Self::FirstName => "first_name",
            Self::CalledName => "called_name",
            Self::MiddleName => "middle_name",
            Self::LastName => "last_name",
            Self::BirthDate => "birth_date",
            Self::Status => "status",
            Self::Deregistration => "deregistration",
            Self::Blocked => "blocked",
            Self::BlockReason => "block_reason",
            Self::AllowUpdate => "allow_update",
            Self::Comment => "comment",
            Self::NoAddressSince => "no_address_since",
            Self::SpecialSince => "special_since",
            Self::Class => "class",
            Self::EnteredOn => "entered_on",
            Self::Hold => "hold",
            Self::Protection => "protection",
            Self::Address(kind) => kind.name(),
            Self::Contact(field) => field.name(),
            Self::KeyCode => "key_code",
            Self::Areas => "areas",
            Self::Notice(notice) => notice.kind(),
            Self::Said => "spar",
            Self::Categories => "categories",
            Self::Heard => "sources",
            Self::Edited => "edits",
        }
    }

    /// The name in the journal: `address.home`, `person.status`.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Number => "number.id_number",
            Self::Category => "person.category",
            Self::FirstName => "person.first_name",
            Self::CalledName => "person.called_name",
            Self::MiddleName => "person.middle_name",
            Self::LastName => "person.last_name",
            Self::BirthDate => "person.birth_date",
            Self::Status => "person.status",
            Self::Deregistration => "person.deregistration",
            Self::Blocked => "person.blocked",
            Self::BlockReason => "person.block_reason",
            Self::AllowUpdate => "person.allow_update",
            Self::Comment => "person.comment",
            Self::NoAddressSince => "person.no_address_since",
            Self::SpecialSince => "person.special_since",
            Self::Class => "person.class",
            Self::EnteredOn => "person.entered_on",
            Self::Hold => "person.hold",
            Self::Protection => "protection.protection",
            Self::Address(AddressKind::Home) => "address.home",
            Self::Address(AddressKind::Work) => "address.work",
            Self::Address(AddressKind::Extra) => "address.extra",
            Self::Contact(ContactField::Email) => "contact.email",
            Self::Contact(ContactField::Mobile) => "contact.mobile",
            Self::Contact(ContactField::Phone) => "contact.phone",
            Self::KeyCode => "person.key_code",
            Self::Areas => "person.areas",
            Self::Notice(Notice::NumberChange) => "notice.number-change",
            Self::Notice(Notice::TwoRecords) => "notice.two-records",
            Self::Notice(Notice::ProtectionLifted) => "notice.protection-lifted",
            Self::Notice(Notice::CommentReview) => "notice.comment-review",
            Self::Notice(Notice::Returned) => "notice.returned",
            Self::Notice(Notice::NoAddress) => "notice.no-address",
            Self::Notice(Notice::SameName) => "notice.same-name-other-number",
            Self::Said => "statement.spar",
            Self::Categories => "person.categories",
            Self::Heard => "statement.sources",
            Self::Edited => "statement.edits",
        }
    }

    /// Reads a name of the journal.
    pub fn parse(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.key() == key)
    }
}
