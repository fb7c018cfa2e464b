//! Proves that objects inside of objects, lists, maps and options are references to the part itself.

use super::{Address, ann, fails, run};

#[test]
fn a_nested_object_is_changed_in_place() {
    let mut person = ann();
    run::<()>(
        "p.address.street = 'Side' p.address.number = 99 local a = p.address a:move_to(a.street .. '!')",
        &mut person,
    )
    .unwrap();
    assert_eq!(person.address, Address { street: "Side!".into(), number: 99 });
    assert_eq!(
        fails("p.address.number = 70000", &mut person),
        "cannot assign \"number\" of 'Address': 70000 is out of range for u16"
    );
    assert_eq!(fails("p.address.zip = 1", &mut person), "object 'Address' has no field \"zip\"");
    assert_eq!(person.address.number, 99);
}

#[test]
fn a_list_of_objects_is_a_list_of_references() {
    let mut person = ann();
    let body = "
        local former = p.former
        for i, address in ipairs(former) do address.number = i * 100 end
        former[2]:move_to('Moved')
        former[3] = 'only in the copy'
        return #former, #p.former
    ";
    assert_eq!(run::<(usize, usize)>(body, &mut person).unwrap(), (3, 2));
    let numbers: Vec<_> = person.former.iter().map(|address| (address.street.as_str(), address.number)).collect();
    assert_eq!(numbers, [("Old", 100), ("Moved", 200)]);
    person.former.clear();
    assert_eq!(run::<usize>("return #p.former", &mut person).unwrap(), 0);
}

#[test]
fn a_map_of_objects_is_a_map_of_references() {
    let mut person = ann();
    person.places.insert("work".into(), Address::default());
    let body = "
        local names = {}
        for name, address in pairs(p.places) do address.street = name names[#names + 1] = name end
        table.sort(names)
        p.places.home.number = 5
        return names
    ";
    assert_eq!(run::<Vec<String>>(body, &mut person).unwrap(), ["home", "work"]);
    assert_eq!(person.places["home"], Address { street: "home".into(), number: 5 });
    assert_eq!(person.places["work"].street, "work");
}

#[test]
fn an_optional_object_is_nil_or_a_reference() {
    let mut person = ann();
    assert!(run::<bool>("return p.office == nil", &mut person).unwrap());
    person.office = Some(Address::default());
    run::<()>("p.office.street = 'Desk'", &mut person).unwrap();
    assert_eq!(person.office.as_ref().unwrap().street, "Desk");
    assert_eq!(
        fails("p.office = p.address", &mut person),
        "an object of type Address cannot be replaced, only changed"
    );
    // A reference to what was taken away leads nowhere.
    let body = "local office = p.office p.office = nil return pcall(function() return office.street end)";
    let (ok, message): (bool, String) = run(body, &mut person).unwrap();
    assert!(!ok);
    assert!(message.ends_with("object 'Address' is no longer available"), "{message}");
    assert_eq!(person.office, None);
}
